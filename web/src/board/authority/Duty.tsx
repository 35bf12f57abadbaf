import Button from '@mui/material/Button'
import type { Account, DutyLog, DutyTurn } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useGoing } from '../reports/address'
import { useCommand } from '../reports/api'
import { AsOf, Crumbs, Files, Seconds, Sheet, Stale, Table, Waiting, wayOf } from '../reports/parts'
import { Period } from '../reports/Period'
import { useDutyLog } from './api'

function Ask({ turn }: { turn: DutyTurn }) {
  const speak = useSpeak()
  const command = useCommand()
  return (
    <>
      <Button variant="outlined" color="inherit" disabled={command.busy !== null} aria-label={speak('authority/askOf', { who: turn.name })} onClick={() => void command.send({ path: `/supervision/duty/${encodeURIComponent(turn.account)}/ask` })}>
        {speak('authority/ask')}
      </Button>
      {command.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(command.problem)}
        </p>
      )}
    </>
  )
}

function Turn({ turn, asks }: { turn: DutyTurn; asks: boolean }) {
  const speak = useSpeak()
  return (
    <tr data-turn={turn.account}>
      <th scope="row">
        {turn.name} <span className="quiet block small">{turn.division_name}</span>
      </th>
      <td>
        <Clock at={turn.since} />
      </td>
      <td>{turn.until ? <Clock at={turn.until} /> : <Tag tone="good">{speak('authority/onDuty')}</Tag>}</td>
      <td>
        {turn.ended && speak.word('turnEnded', turn.ended)} {turn.handed_to}
      </td>
      <td>{speak('authority/answeredOf', { answered: turn.answered, asked: turn.asked })}</td>
      <td>
        <Seconds value={turn.slowest_s} />
      </td>
      {asks && <td>{turn.until === null && <Ask turn={turn} />}</td>}
    </tr>
  )
}

function Gaps({ view }: { view: DutyLog }) {
  const speak = useSpeak()
  if (view.gaps.length === 0) return <p className="good-news">{speak('authority/noGaps')}</p>
  return (
    <Table title={speak('authority/gaps')} head={[speak('reports/column/place'), speak('authority/column/since'), speak('authority/column/until')]}>
      {view.gaps.map((gap) => (
        <tr key={`${gap.division} ${gap.since}`}>
          <th scope="row">{gap.division_name}</th>
          <td>
            <Clock at={gap.since} />
          </td>
          <td>{gap.until ? <Clock at={gap.until} /> : <Tag tone="alert">{speak('authority/nobodyNow')}</Tag>}</td>
        </tr>
      ))}
    </Table>
  )
}

function Notes({ view }: { view: DutyLog }) {
  const speak = useSpeak()
  if (view.hand_overs.length === 0) return null
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">{speak('authority/notes')}</h2>
      <ul className="lines">
        {view.hand_overs.map((one) => (
          <li key={one.id}>
            <Clock at={one.at} />
            <span>
              <strong>{speak('authority/from', { from: one.from_name, to: one.to_name })}</strong> {one.note} <span className="quiet">{one.incidents.join(' ')}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const COLUMNS = ['seat', 'since', 'until', 'ended', 'asked', 'slowest'] as const

/** 值班日志: who sat where, how she answered when asked, what she left to the next, and when nobody was there. */
export function Duty({ account, widest }: { account: Account; widest: string }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data: view, error } = useDutyLog(given)
  const asks = account.role !== 'office'
  if (!view) return <Sheet title={speak('reportsPage/duty')}><Waiting error={error} /></Sheet>
  return (
    <Sheet title={speak('authority/dutyOf', { name: view.name })} about={<><Crumbs above={wayOf(view)} widest={widest} /><Period since={view.since} until={view.until} /><AsOf at={view.as_of} /></>} actions={<Files what="duty" />}>
      <Stale error={error} />
      <p>
        {speak('authority/dutySum', { asked: view.asked, answered: view.answered, minutes: Math.round(view.uncovered_s / 60) })}
      </p>
      <Table title={speak('authority/turns')} head={[...COLUMNS, ...(asks ? (['ask'] as const) : [])].map((one) => speak(`authority/column/${one}`))}>
        {view.turns.map((turn) => (
          <Turn key={`${turn.account} ${turn.since}`} turn={turn} asks={asks} />
        ))}
      </Table>
      <Gaps view={view} />
      <Notes view={view} />
    </Sheet>
  )
}
