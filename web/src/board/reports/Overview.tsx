import type { ReactNode } from 'react'
import type { Overview as View, OverviewLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { LevelMark } from '../../ui/Marks'
import { type Page, useGoing } from './address'
import { useOverview } from './api'
import { percent } from './figures'
import { AsOf, Crumbs, Meaning, Seconds, Sheet, Stale, Table, Waiting, wayOf } from './parts'

interface CardProps {
  name: CardName
  /** The page with the list behind it. */
  page?: Page
  tone?: 'alert' | 'calm'
  children: ReactNode
}
type CardName = 'open' | 'waiting' | 'breaches' | 'duty' | 'load' | 'reach' | 'fleet' | 'today'

function Card({ name, page, tone = 'calm', children }: CardProps) {
  const speak = useSpeak()
  const going = useGoing()
  const title = speak(`reports/card/${name}`)
  return (
    <section className="card" data-tone={tone} data-card={name} aria-labelledby={`card-${name}`}>
      <h2 id={`card-${name}`}>
        {page ? <a href={going.to(page)}>{title}</a> : title}
        <Meaning name={title}>{speak(`reports/cardMeans/${name}`)}</Meaning>
      </h2>
      {children}
    </section>
  )
}

/** One number large, what it counts beneath. */
function Big({ n, word, alert = false }: { n: ReactNode; word: string; alert?: boolean }) {
  return (
    <span className="big" data-alert={alert}>
      <strong>{n}</strong> <span>{word}</span>
    </span>
  )
}

function Open({ view }: { view: View }) {
  const speak = useSpeak()
  const columns = ['open', 'unclaimed', 'nobody_coming', 'under_way', 'with_elder', 'to_close'] as const
  if (view.open.length === 0) {
    return (
      <Card name="open" page="breaches">
        <p className="quiet">{speak('reports/nothingOpen')}</p>
      </Card>
    )
  }
  return (
    <Card name="open" page="breaches" tone={view.open.some(({ unclaimed }) => unclaimed > 0) ? 'alert' : 'calm'}>
      <div className="scroll" role="group" tabIndex={0} aria-label={speak('reports/card/open')}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{speak('reports/level')}</th>
              {columns.map((one) => (
                <th key={one} scope="col">
                  {speak(`reports/openState/${one}`)}
                </th>
              ))}
              <th scope="col">{speak('reports/oldest')}</th>
            </tr>
          </thead>
          <tbody>
            {view.open.map((line) => (
              <tr key={line.priority}>
                <th scope="row">
                  <LevelMark priority={line.priority} size={20} />
                </th>
                {columns.map((one) => (
                  <td key={one} data-none={line[one] === 0}>
                    {line[one]}
                  </td>
                ))}
                <td>
                  <Seconds value={line.oldest_s} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

function Waits({ view }: { view: View }) {
  const speak = useSpeak()
  return (
    <Card name="waiting" page="breaches" tone={view.waiting.some(({ overdue }) => overdue > 0) ? 'alert' : 'calm'}>
      <ul className="waits">
        {view.waiting.map(({ what, waiting, overdue, oldest_s }) => (
          <li key={what} data-none={waiting === 0}>
            <span>{speak(`reports/wait/${what}`)}</span>
            <strong>{waiting}</strong>
            <span className="small">
              {overdue > 0 && <span className="over">{speak('reports/overdue', { n: overdue })} </span>}
              {oldest_s !== null && (
                <span className="quiet">
                  {speak('reports/oldest')} <Seconds value={oldest_s} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Late({ view }: { view: View }) {
  const speak = useSpeak()
  const late = Object.entries(view.breaches).filter(([, n]) => n > 0)
  const all = late.reduce((sum, [, n]) => sum + n, 0)
  return (
    <Card name="breaches" page="breaches" tone={all > 0 ? 'alert' : 'calm'}>
      <p>
        <Big n={all} word={speak('reports/late')} alert={all > 0} />
      </p>
      <ul className="plain">
        {late.map(([stage, n]) => (
          <li key={stage}>
            {speak.word('breach', stage)} <strong>{n}</strong>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Figures({ view }: { view: View }) {
  const speak = useSpeak()
  const { on_duty: duty, load, reach, fleet, today } = view
  return (
    <>
      <Card name="duty" page="load" tone={duty.uncovered + duty.silent > 0 ? 'alert' : 'calm'}>
        <p className="bigs">
          <Big n={duty.seats} word={speak('reports/duty/seats')} />
          <Big n={duty.responders} word={speak('reports/duty/responders')} />
          <Big n={duty.ready} word={speak('reports/duty/ready')} />
        </p>
        <p className="small">
          {speak('reports/duty/rest', { busy: duty.busy, silent: duty.silent, uncovered: duty.uncovered })}
        </p>
      </Card>
      <Card name="load" page="load" tone={load.floods > 0 ? 'alert' : 'calm'}>
        <p className="bigs">
          <Big n={load.now_10min} word={speak('reports/load/now')} />
          <Big n={load.today} word={speak('reports/load/today')} />
        </p>
        <p className="small">{speak('reports/load/floods', { n: load.floods })}</p>
      </Card>
      <Card name="reach" page="coverage">
        <p className="bigs">
          <Big n={percent(reach.within)} word={speak('reports/reach/within', { n: Math.round(reach.target_s / 60) })} />
          <Big n={reach.beyond ?? speak('coverage/underFive')} word={speak('reports/reach/beyond')} />
        </p>
        <p className="small">{speak('reports/reach/holes', { n: reach.holes })}</p>
      </Card>
      <Card name="fleet" page="fleet">
        <p className="bigs">
          <Big n={percent(fleet.online_share)} word={speak('reports/fleet/online')} />
          <Big n={percent(fleet.tested_share)} word={speak('reports/fleet/tested')} />
        </p>
        <p className="small">{speak('reports/fleet/rest', { low: fleet.low_batt, silent: fleet.silent_24h, n: fleet.devices })}</p>
      </Card>
      <Card name="today" page="times">
        <p className="bigs">
          <Big n={today.incidents} word={speak('reports/today/incidents')} />
          <Big n={<Seconds value={today.taken_p50_s} />} word={speak('reports/today/taken')} />
          <Big n={<Seconds value={today.door_p50_s} />} word={speak('reports/today/door')} />
        </p>
        <p className="small">{speak('reports/today/rest', { closed: today.closed, wrong: today.false_alarms })}</p>
      </Card>
    </>
  )
}

function Line({ line }: { line: OverviewLine }) {
  const going = useGoing()
  return (
    <tr>
      <th scope="row">{line.division.length < 12 ? <a href={going.here({ division: line.division })}>{line.name}</a> : line.name}</th>
      <td data-none={line.open === 0}>{line.open}</td>
      <td data-alert={line.unclaimed > 0}>{line.unclaimed}</td>
      <td data-alert={line.breaches > 0}>{line.breaches > 0 ? <a href={going.to('breaches', { division: line.division })}>{line.breaches}</a> : line.breaches}</td>
      <td>{line.seats}</td>
      <td>{line.responders}</td>
      <td>{line.ready}</td>
      <td>{percent(line.within)}</td>
      <td>{line.today}</td>
    </tr>
  )
}

const COLUMNS = ['place', 'open', 'unclaimed', 'breaches', 'seats', 'responders', 'ready', 'within', 'today'] as const

/** 一屏统览: everything at this moment, each figure with the page behind it, and the divisions below to compare. */
export function Overview({ widest }: { widest: string }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data: view, error } = useOverview(given)
  if (!view) return <Sheet title={speak('reportsPage/overview')}><Waiting error={error} /></Sheet>
  return (
    <Sheet title={speak('reports/overviewOf', { name: view.name })} about={<><Crumbs above={wayOf(view)} widest={widest} /><AsOf at={view.at} /></>}>
      <Stale error={error} />
      <div className="cards">
        <Open view={view} />
        <Waits view={view} />
        <Late view={view} />
        <Figures view={view} />
      </div>
      {view.lines.length > 0 && (
        <Table title={speak('reports/below')} head={COLUMNS.map((one) => speak(`reports/column/${one}`))}>
          {view.lines.map((line) => (
            <Line key={line.division} line={line} />
          ))}
        </Table>
      )}
    </Sheet>
  )
}
