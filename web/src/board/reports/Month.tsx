import Button from '@mui/material/Button'
import { lazy, Suspense } from 'react'
import type { Account } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { chinaDay, clockTime, serverClock } from '../../kernel/time'
import { type Given, useGoing } from './address'
import { useDefinitions, useIndicators, useProviders, useTimes } from './api'
import { monthBefore, monthDays, percent } from './figures'
import { useInWords } from './Indicators'
import { Files, Seconds, Share, Sheet, Stale, Table, Waiting } from './parts'
import { figuresOf, nameOf, STAGES } from './stages'

const MonthTable = lazy(() => import('../authority').then((it) => ({ default: it.MonthTable })))
const STAGES_BY_PLACE = ['taken', 'arrived', 'with_elder'] as const

function Stages({ given }: { given: Given }) {
  const speak = useSpeak()
  const { data: view, error } = useTimes({ ...given, by: 'division' })
  if (!view) return <Waiting error={error} />
  const columns = (['n', 'p50', 'p90', 'p95', 'p99', 'inTarget'] as const).map((one) => speak(`reports/column/${one}`))
  return (
    <>
      <Stale error={error} />
      <Table title={speak('reports/whole', { n: view.total.n })} head={[speak('reports/stage'), ...columns]}>
        {STAGES.map((stage) => {
          const one = figuresOf(view.total, stage)
          return (
            <tr key={stage}>
              <th scope="row">{speak.word('reportStage', stage)}</th>
              <td>{one?.n ?? 0}</td>
              {([one?.p50_s, one?.p90_s, one?.p95_s, one?.p99_s] as const).map((seconds, at) => (
                <td key={at}>
                  <Seconds value={seconds} />
                </td>
              ))}
              <td>{one?.targets.map(({ seconds, share }) => `≤${seconds / 60 >= 1 ? `${seconds / 60}min` : `${seconds}s`} ${percent(share)}`).join(speak('reports/and'))}</td>
            </tr>
          )
        })}
      </Table>
      <Table title={speak('reports/below')} head={[speak('reports/column/place'), speak('reports/column/incidents'), ...STAGES_BY_PLACE.map((stage) => `${speak.word('reportStage', stage)} p90`)]}>
        {view.groups.map((group) => (
          <tr key={`${group.key} ${group.rest}`}>
            <th scope="row">{nameOf(group, 'division', speak)}</th>
            <td>{group.n}</td>
            {STAGES_BY_PLACE.map((stage) => (
              <td key={stage}>
                <Seconds value={figuresOf(group, stage)?.p90_s} />
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </>
  )
}

function Pack({ given }: { given: Given }) {
  const speak = useSpeak()
  const say = useInWords()
  const { data: view, error } = useIndicators(given)
  if (!view) return <Waiting error={error} />
  const head = (['indicator', 'value', 'aim', 'formula'] as const).map((one) => speak(`reports/column/${one}`))
  return (
    <Table title={speak('reportsPage/indicators')} head={head}>
      {view.items.map((one) => (
        <tr key={`${one.code} ${one.part}`}>
          <th scope="row">{one.part ? `${say(one.name)} · ${one.part}` : say(one.name)}</th>
          <td>{one.unit === 'score' ? (one.value ?? '—') : <Share value={one.value} low={one.low} high={one.high} n={one.denominator} few={one.few} />}</td>
          <td>{one.target === null ? '—' : speak(`reports/aim/${one.better}`, { n: one.unit === 'score' ? one.target : percent(one.target) })}</td>
          <td className="small">{say(one.formula)}</td>
        </tr>
      ))}
    </Table>
  )
}

function Services({ given }: { given: Given }) {
  const speak = useSpeak()
  const { data: view, error } = useProviders(given)
  if (!view) return <Waiting error={error} />
  const head = (['rank', 'provider', 'offers', 'acceptance', 'late', 'doorP90', 'complaints'] as const).map((one) => speak(`reports/column/${one}`))
  return (
    <Table title={speak('reportsPage/providers')} head={head}>
      {view.items.map((line) => (
        <tr key={line.provider}>
          <td>{line.rank ?? '—'}</td>
          <th scope="row">{line.name}</th>
          <td>{line.offers}</td>
          <td>
            <Share value={line.acceptance} low={line.acceptance_low} high={line.acceptance_high} few={line.few} />
          </td>
          <td>
            <Share value={line.late_share} low={line.late_low} high={line.late_high} />
          </td>
          <td>
            <Seconds value={line.door_p90_s} />
          </td>
          <td>{line.complaints}</td>
        </tr>
      ))}
    </Table>
  )
}

function Meanings() {
  const speak = useSpeak()
  const say = useInWords()
  const { data } = useDefinitions()
  if (!data) return null
  return (
    <section aria-labelledby="meanings">
      <h2 id="meanings">{speak('reports/meanings')}</h2>
      <dl className="small meanings">
        {data.stages.map(({ stage, name, means }) => (
          <div key={stage}>
            <dt>{say(name)}</dt>
            <dd>{say(means)}</dd>
          </div>
        ))}
      </dl>
      <p className="small">{say(data.left_out)}</p>
      <p className="small">{say(data.percentiles)}</p>
      <p className="small">{say(data.small_cells)}</p>
    </section>
  )
}

function Signed({ account }: { account: Account }) {
  const speak = useSpeak()
  const now = serverClock.now()
  return (
    <footer className="signed small">
      <span>{speak('reports/printedBy', { who: account.name, time: clockTime(new Date(now).toISOString(), speak.lang, new Date(0)) })}</span>
      <span>{speak('reports/signature')}</span>
    </footer>
  )
}

/** A month as it is put on paper: the times, the indicators, the providers, and what each of them means. */
export function Month({ account }: { account: Account }) {
  const speak = useSpeak()
  const going = useGoing()
  const month = going.given['month'] ?? monthBefore(chinaDay(serverClock.now()))
  const { month: _, ...rest } = going.given
  const given = { ...rest, ...monthDays(month) }
  const { data: pack } = useIndicators(given)
  return (
    <Sheet
      title={speak('reports/monthOf', { name: pack?.name ?? '', month })}
      actions={
        <>
          <label className="choose-one">
            <span>{speak('reports/month')}</span>
            <input type="month" value={month} max={chinaDay(serverClock.now()).slice(0, 7)} onChange={(event) => event.target.value && going.set({ month: event.target.value, from: '', to: '' })} />
          </label>
          <Button variant="contained" onClick={() => print()}>
            {speak('reports/print')}
          </Button>
          <Files what="response-times" given={given} />
          <Files what="indicators" given={given} />
          <Files what="monthly" given={given} />
        </>
      }
    >
      <Stages given={given} />
      <Pack given={given} />
      <Services given={given} />
      <Suspense fallback={<p className="quiet">{speak('common/loading')}</p>}>
        <MonthTable given={given} />
      </Suspense>
      <Meanings />
      <Signed account={account} />
    </Sheet>
  )
}
