import Button from '@mui/material/Button'
import { useState } from 'react'
import type { Account, DoubtfulVisit, DoubtfulVisits, VisitDecision } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { type Speak, useSpeak } from '../../kernel/i18n'
import { usePagesOf } from '../../kernel/pages'
import { Ask } from '../../ui/Ask'
import { Choices } from '../../ui/Choices'
import { Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useGoing } from '../reports/address'
import { placeOf, useCommand } from '../reports/api'
import { Sheet } from '../reports/parts'
import { Under, Which, WordsField } from './parts'

const LIST_MS = 30_000
const DECIDES = new Set(['supervisor', 'admin'])
const VERDICTS = ['sound', 'unsound'] as const

/** A sign in words, with the figures it was seen by. */
function signOf({ code, params }: DoubtfulVisit['reasons'][number], speak: Speak): string {
  const { metres, seconds, minutes } = params
  const figures = seconds === undefined ? { minutes } : { km: Math.round(Number(metres) / 100) / 10, minutes: Math.round(Number(seconds) / 60) }
  return speak(`doubt/${code}`, { ...params, ...figures })
}

function Decide({ one, close }: { one: DoubtfulVisit; close: () => void }) {
  const speak = useSpeak()
  const command = useCommand()
  const [verdict, setVerdict] = useState<(typeof VERDICTS)[number] | null>(null)
  const draft = `visit ${one.order} `
  const [why, setWhy] = useDraft(`${draft}why`)
  const path = `/supervision/visits/${encodeURIComponent(one.order)}/decision`
  const send = async () => (await command.send({ path, body: { sound: verdict === 'sound', why } satisfies VisitDecision })) !== null
  return (
    <Ask title={speak('doubts/decideTitle', { order: one.order })} action={speak('common/save')} ready={verdict !== null && why.trim() !== ''} command={command} draft={draft} close={close} send={send}>
      <Choices label={speak('doubts/verdict')} value={verdict} options={VERDICTS} words={(it) => speak(`doubts/${it}`)} choose={setVerdict} />
      <WordsField label={speak('doubts/why')} value={why} change={setWhy} rows={2} max={500} />
    </Ask>
  )
}

function Row({ one, decides }: { one: DoubtfulVisit; decides: boolean }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  const minutes = Math.round((Date.parse(one.at) - Date.parse(one.arrived_at)) / 60_000)
  return (
    <li className="breach case" data-visit={one.order}>
      <span className="line">
        <Tag tone="warn">{speak('doubts/score', { score: one.score })}</Tag>
        <strong>{speak.lang === 'en' ? one.service_name_en : one.service_name}</strong>
        <span>
          {[one.people.map(({ name_masked }) => name_masked).join('、'), one.name_masked, one.place].filter(Boolean).join(' · ')} <span className="quiet">{one.division_name}</span>
        </span>
      </span>
      <p className="small">
        <a href={`/board#orders/${encodeURIComponent(one.order)}`} target="yinling-board">
          {one.order}
        </a>{' '}
        <Clock at={one.arrived_at} /> · {speak('doubts/stayed', { minutes, agreed: one.minutes })}
      </p>
      <ul>
        {one.reasons.map((reason) => (
          <li key={reason.code}>
            {signOf(reason, speak)} <span className="quiet">{speak('doubts/points', { n: reason.weight })}</span>
          </li>
        ))}
      </ul>
      {one.decided_at !== null && (
        <p className="small">
          <Tag tone={one.sound ? 'good' : 'alert'}>{speak(one.sound ? 'doubts/sound' : 'doubts/unsound')}</Tag> {one.decided_by} <Clock at={one.decided_at} /> {one.why}
        </p>
      )}
      {one.decided_at === null && decides && (
        <div className="buttons">
          <Button variant="contained" aria-label={speak('doubts/decideTitle', { order: one.order })} onClick={() => setAsking(true)}>
            {speak('doubts/decide')}
          </Button>
        </div>
      )}
      {asking && <Decide one={one} close={() => setAsking(false)} />}
    </li>
  )
}

/** Visits that do not look right: why, and what a person makes of each. */
export function Doubts({ account }: { account: Account }) {
  const speak = useSpeak()
  const { given, set } = useGoing()
  const state = given['state'] === 'decided' ? 'decided' : 'waiting'
  const list = usePagesOf<DoubtfulVisit>('reports', '/supervision/visits/doubtful', { ...placeOf(given), state }, LIST_MS)
  const sums = list.data?.pages[0] as DoubtfulVisits | undefined
  const title = speak('reportsPage/visits')
  return (
    <Sheet title={title} about={sums && <span>{speak('doubts/sum', { looked: sums.looked_at, waiting: sums.waiting, sound: sums.sound, unsound: sums.unsound })}</span>}>
      <p className="quiet">{speak('doubts/hint')}</p>
      <Which label={title} value={state} options={[['waiting', speak('doubts/waiting')], ['decided', speak('doubts/decided')]]} change={(next) => set({ state: next === 'waiting' ? '' : next })} />
      <ul className="breaches">
        {list.items.map((one) => (
          <Row key={one.order} one={one} decides={DECIDES.has(account.role)} />
        ))}
      </ul>
      <Under {...list} many={list.items.length} none={speak('doubts/none')} />
    </Sheet>
  )
}
