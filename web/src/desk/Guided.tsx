import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useState } from 'react'
import type { AnswerLine, GuidedAnswer, IncidentRow } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { clockTime } from '../kernel/time'
import type { Command } from './commands'
import { type Answer, ANSWERS, GUIDE_NAMES, type Guide, guideFor, GUIDES, latest } from './guide'
import { useRecord } from './history'

type Asked = (typeof GUIDES)[Guide][number]

interface QuestionProps {
  asked: Asked
  before: AnswerLine | undefined
  busy: boolean
  answer: (answer: Answer) => void
}

function Question({ asked: [code, calls], before, busy, answer }: QuestionProps) {
  const speak = useSpeak()
  const words = speak(`guide/question/${code}`)
  const advice = calls !== null && before?.answer === calls
  return (
    <li className="question">
      <span>
        {words}
        {before && <span className="small quiet block">{speak('guide/by', { who: before.by, time: clockTime(before.at, speak.lang) })}</span>}
      </span>
      <ToggleButtonGroup exclusive value={before?.answer ?? null} aria-label={words} onChange={(_, next: Answer | null) => next && !busy && answer(next)}>
        {ANSWERS.map((one) => (
          <ToggleButton key={one} value={one} aria-disabled={busy}>
            {speak(`guide/answer/${one}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {advice && (
        <p className="danger" role="status">
          {speak.word('guide', `advice/${code}`)}
        </p>
      )}
    </li>
  )
}

interface GuidedProps {
  row: IncidentRow
  command: Command
}

/** What to ask, in which order, and what the answer calls for. Every answer is a row of its own. */
export function Guided({ row, command }: GuidedProps) {
  const speak = useSpeak()
  const { data: record } = useRecord(row)
  const [guide, setGuide] = useState<Guide>(() => guideFor(row.kind))
  const answers = latest(record?.answers ?? [])
  const questions: readonly Asked[] = GUIDES[guide]
  const done = questions.filter(([code]) => answers.has(code)).length
  const say = (question: string, answer: Answer) => void command.send('answers', { question, answer } satisfies GuidedAnswer, `answer ${question}`)
  return (
    <section aria-labelledby="p-guide" className="guided">
      <h2 id="p-guide" tabIndex={-1}>
        {speak('guide/title')} <span className="quiet">{speak('guide/progress', { done, n: questions.length })}</span>
      </h2>
      <p className="quiet small">{speak('guide/body')}</p>
      <div className="filters" role="group" aria-label={speak('guide/which')}>
        {GUIDE_NAMES.map((name) => (
          <button key={name} type="button" aria-pressed={name === guide} onClick={() => setGuide(name)}>
            {speak(`guide/set/${name}`)}
          </button>
        ))}
      </div>
      <ol>
        {questions.map((asked) => (
          <Question key={asked[0]} asked={asked} before={answers.get(asked[0])} busy={command.busy === `answer ${asked[0]}`} answer={(one) => say(asked[0], one)} />
        ))}
      </ol>
    </section>
  )
}
