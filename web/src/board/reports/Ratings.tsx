import type { Answers, AnswersLine, Ratings as View } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { useGoing } from './address'
import { useRatings } from './api'
import { Choose } from './Filters'
import { useInWords } from './Indicators'
import { AsOf, Crumbs, Files, Meaning, Share, Sheet, Stale, Table, Waiting, wayOf } from './parts'
import { Period } from './Period'

const WAYS = ['provider', 'month', 'source'] as const
/** Best first, as one reads it. */
const ANSWERS = { ratings: ['5', '4', '3', '2', '1'], call_backs: ['well', 'reached', 'needs_help', 'not_wanted', 'no_answer'] } as const
type What = keyof typeof ANSWERS

function useName(by: View['by']) {
  const speak = useSpeak()
  return (line: AnswersLine): string => {
    if (line.rest > 0) return speak('reports/rest', { n: line.rest })
    if (by === 'source') return speak.word('saidIn', line.key ?? '')
    return line.name ?? (line.key || speak('reports/noProvider'))
  }
}

function Cells({ line, what }: { line: AnswersLine; what: What }) {
  const speak = useSpeak()
  return (
    <>
      <td>{line.n ?? speak(line.few ? 'reports/few' : 'reports/none')}</td>
      <td>
        <Share value={line.good} low={line.low} high={line.high} few={line.few} />
      </td>
      {ANSWERS[what].map((answer) => (
        <td key={answer}>{line.answers[answer] ?? '—'}</td>
      ))}
    </>
  )
}

function Lines({ what, found, by }: { what: What; found: Answers; by: View['by'] }) {
  const speak = useSpeak()
  const name = useName(by)
  const answers = ANSWERS[what].map((answer) => speak.word('answer', answer))
  const foot = (
    <tr data-whole={what}>
      <th scope="row">{speak('reports/total')}</th>
      <Cells line={found.total} what={what} />
    </tr>
  )
  return (
    <Table title={speak(`reports/thought/${what}`)} head={[speak(`reports/thoughtBy/${by}`), speak('reports/column/n'), speak(`reports/good/${what}`), ...answers]} foot={foot}>
      {found.groups.map((line) => (
        <tr key={`${line.key} ${line.rest}`} data-group={line.key ?? 'rest'}>
          <th scope="row">{name(line)}</th>
          <Cells line={line} what={what} />
        </tr>
      ))}
    </Table>
  )
}

/** What elders and families thought of it: by who came, by month, by where it was said. */
export function Ratings({ widest }: { widest: string }) {
  const speak = useSpeak()
  const say = useInWords()
  const { given } = useGoing()
  const { data: view, error } = useRatings({ by: 'provider', ...given })
  if (!view) return <Sheet title={speak('reportsPage/ratings')}><Waiting error={error} /></Sheet>
  return (
    <Sheet
      title={speak('reports/ratingsOf', { name: view.name })}
      about={
        <>
          <Crumbs above={wayOf(view)} widest={widest} />
          <AsOf at={view.as_of} />
          <Meaning name={speak('reportsPage/ratings')}>{say(view.definition)}</Meaning>
        </>
      }
      actions={<Files what="ratings" />}
    >
      <Stale error={error} />
      <Period since={view.since} until={view.until} />
      <div className="choices no-paper">
        <Choose name="by" label={speak('reports/by')} value={view.by} options={WAYS.map((one) => [one, speak(`reports/thoughtBy/${one}`)])} />
      </div>
      <Lines what="ratings" found={view.ratings} by={view.by} />
      <Lines what="call_backs" found={view.call_backs} by={view.by} />
    </Sheet>
  )
}
