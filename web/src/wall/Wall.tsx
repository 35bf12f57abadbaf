import type { ReactNode } from 'react'
import type { OpenLine, Overview, OverviewLine, Wall as View } from '../generated/http'
import { LevelShape } from '../ui/Marks'
import { useBeat, useReading } from './reading'
import { fill, manned, time, type Words } from './words'

const LINES = 6
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const

const clockOf = (ms: number, lang: string): string => new Intl.DateTimeFormat(lang, CLOCK).format(ms)
const percent = (share: number | null): string => (share === null ? '—' : `${Math.round(share * 1000) / 10}%`)

interface TileProps {
  name: string
  n: ReactNode
  rest?: string
  alert?: boolean
}

function Tile({ name, n, rest, alert = false }: TileProps) {
  return (
    <section className="tile" data-alert={alert}>
      <h2>{name}</h2>
      <p className="n">{n}</p>
      {rest && <p className="rest">{rest}</p>}
    </section>
  )
}

function OpenRow({ line, words }: { line: OpenLine; words: Words }) {
  return (
    <tr>
      <th scope="row">
        <LevelShape priority={line.priority} size={56} /> {words.levels.split('|')[line.priority - 1]}
      </th>
      <td>{line.open}</td>
      <td data-alert={line.unclaimed > 0}>{line.unclaimed}</td>
      <td data-alert={line.nobody_coming > 0}>{line.nobody_coming}</td>
      <td>{line.under_way}</td>
      <td>{line.with_elder}</td>
      <td>{time(line.oldest_s, words)}</td>
    </tr>
  )
}

function Open({ lines, words }: { lines: readonly OpenLine[]; words: Words }) {
  if (lines.every(({ open }) => open === 0)) return <p className="calm">{words.calm}</p>
  const head = [words.open, words.unclaimed, words.nobody, words.going, words.there, words.oldest]
  return (
    <table className="open">
      <thead>
        <tr>
          <td />
          {head.map((one) => (
            <th key={one} scope="col">
              {one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <OpenRow key={line.priority} line={line} words={words} />
        ))}
      </tbody>
    </table>
  )
}

/** The divisions with most to do; what does not fit is summed, so that nothing has to scroll. */
function Below({ lines, words }: { lines: readonly OverviewLine[]; words: Words }) {
  const sorted = [...lines].sort((a, b) => b.breaches - a.breaches || b.unclaimed - a.unclaimed || b.open - a.open)
  const [shown, rest] = [sorted.slice(0, LINES), sorted.slice(LINES)]
  const sum = (which: 'open' | 'breaches') => rest.reduce((all, line) => all + line[which], 0)
  if (shown.length === 0) return null
  return (
    <section className="below">
      <table>
        <thead>
          <tr>
            {[words.place, words.open, words.unclaimed, words.late, words.seats, words.ready].map((one) => (
              <th key={one} scope="col">
                {one}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((line) => (
            <tr key={line.division}>
              <th scope="row">{line.name}</th>
              <td>{line.open}</td>
              <td data-alert={line.unclaimed > 0}>{line.unclaimed}</td>
              <td data-alert={line.breaches > 0}>{line.breaches}</td>
              <td>{line.seats}</td>
              <td>{line.ready}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest.length > 0 && <p className="rest">{fill(words.rest, { n: rest.length, open: sum('open'), late: sum('breaches') })}</p>}
    </section>
  )
}

function Tiles({ view, words }: { view: Overview; words: Words }) {
  const { on_duty: duty, load, reach, fleet, today } = view
  const late = Object.values(view.breaches).reduce((all, n) => all + n, 0)
  return (
    <div className="tiles">
      <Tile name={words.late} n={late} alert={late > 0} />
      <Tile name={words.seats} n={duty.seats} alert={duty.uncovered > 0} rest={manned(duty, words)} />
      <Tile name={words.ready} n={duty.ready} rest={fill(words.ofResponders, { n: duty.responders })} />
      <Tile name={words.alarms} n={load.now_10min} alert={load.floods > 0} rest={fill(words.floods, { n: load.floods })} />
      <Tile name={fill(words.circle, { n: Math.round(reach.target_s / 60) })} n={percent(reach.within)} rest={fill(words.holes, { n: reach.holes })} />
      <Tile name={words.online} n={percent(fleet.online_share)} rest={fill(words.silent, { n: fleet.silent_24h })} />
      <Tile name={words.today} n={today.incidents} rest={`${words.taken} ${fill(words.median, { time: time(today.taken_p50_s, words) })}`} />
      <Tile name={words.door} n={time(today.door_p50_s, words)} rest={fill(words.median, { time: '' })} />
    </div>
  )
}

interface ShownProps {
  view: View
  /** Milliseconds since it was read. */
  age: number
  lang: string
  words: Words
}

function Shown({ view, age, lang, words }: ShownProps) {
  const at = Date.parse(view.overview.at)
  const stale = age > view.stale_after_s * 1000
  return (
    <main className="wall" data-stale={stale}>
      <header>
        <h1>{view.overview.name}</h1>
        <span className="label">{view.label}</span>
        <time className="clock">{clockOf(at + age, lang)}</time>
      </header>
      {stale && (
        <p className="stale" role="alert">
          {fill(words.stale, { time: clockOf(at, lang), age: time(Math.floor(age / 1000), words) })}
        </p>
      )}
      <div className="content">
        <Open lines={view.overview.open} words={words} />
        <Tiles view={view.overview} words={words} />
        <Below lines={view.overview.lines} words={words} />
      </div>
      <footer>
        {words.asOf} {clockOf(at, lang)}
      </footer>
    </main>
  )
}

/** A wall that nobody touches: it reads by itself, says when it has stopped, and shows no name of anybody. */
export function Wall({ ticket, lang, words }: { ticket: string; lang: string; words: Words }) {
  const { wall, readAt, ended } = useReading(ticket)
  const now = useBeat()
  if (wall) return <Shown view={wall} age={Math.max(0, now - readAt)} lang={lang} words={words} />
  const why = ended ? words.ended : ticket ? words.loading : words.noTicket
  return (
    <main className="wall">
      <h1 className="calm" role={ended ? 'alert' : 'status'}>
        {why}
      </h1>
    </main>
  )
}
