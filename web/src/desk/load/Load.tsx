import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { type CSSProperties, type ReactNode, useState } from 'react'
import type { DeskLoad, LoadReport, SeatLoad } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { clockTime, elapsed } from '../../kernel/time'
import { Foot } from '../../ui/Foot'
import { LevelMark, Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useLoad } from './api'

const HOURS = [1, 8, 24] as const
const whole = (n: number): number => Math.round(n * 10) / 10
const percent = (share: number): number => whole(share * 100)

function Table({ title, head, children }: { title: string; head: readonly string[]; children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      <div className="scroll" role="group" tabIndex={0} aria-label={title}>
        <table className="figures">
          <thead>
            <tr>
              {head.map((one) => (
                <th key={one} scope="col">
                  {one}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </section>
  )
}

function Rates({ one }: { one: SeatLoad | DeskLoad }) {
  const speak = useSpeak()
  return (
    <>
      <td>{one.now_10min}</td>
      <td>{whole(one.mean_10min)}</td>
      <td>{one.worst_10min}</td>
      <td>{speak('load/percent', { n: percent(one.flood_share) })}</td>
    </>
  )
}

function Seats({ seats }: { seats: readonly SeatLoad[] }) {
  const speak = useSpeak()
  const head = (['seat', 'now', 'mean', 'worst', 'flood', 'held', 'claimed', 'sound'] as const).map((one) => speak(`load/${one}`))
  if (seats.length === 0) return <p className="quiet">{speak('load/noSeats')}</p>
  return (
    <Table title={speak('load/seats')} head={head}>
      {seats.map((seat) => (
        <tr key={seat.account}>
          <th scope="row">{seat.name}</th>
          <Rates one={seat} />
          <td>{seat.held}</td>
          <td>{seat.claimed}</td>
          <td>
            <Tag tone={seat.sound === 'silent' ? 'alert' : seat.sound === 'ok' ? 'good' : 'plain'}>{speak(`load/soundIs/${seat.sound}`)}</Tag>
          </td>
        </tr>
      ))}
    </Table>
  )
}

function Desks({ desks }: { desks: readonly DeskLoad[] }) {
  const speak = useSpeak()
  const head = (['desk', 'now', 'mean', 'worst', 'flood', 'unclaimed', 'longest'] as const).map((one) => speak(`load/${one}`))
  return (
    <Table title={speak('load/desks')} head={head}>
      {desks.map((desk) => (
        <tr key={desk.division}>
          <th scope="row">{desk.name ?? desk.division}</th>
          <Rates one={desk} />
          <td>{desk.most_unclaimed}</td>
          <td>{elapsed(desk.longest_unclaimed_s * 1000)}</td>
        </tr>
      ))}
    </Table>
  )
}

function Sources({ report }: { report: LoadReport }) {
  const speak = useSpeak()
  const head = (['source', 'kind', 'alarms', 'share', 'cumulative', 'noise'] as const).map((one) => speak(`load/${one}`))
  if (report.sources.length === 0) return <p className="quiet">{speak('load/none')}</p>
  return (
    <Table title={speak('load/sources')} head={head}>
      {report.sources.map((one) => (
        <tr key={one.source}>
          <th scope="row">
            {one.source} {one.chatters && <Tag tone="warn">{speak('load/chatters')}</Tag>}
          </th>
          <td>{speak.word('kind', one.kind)}</td>
          <td>{one.alarms}</td>
          <td>
            <span className="pareto" style={{ '--share': one.share } as CSSProperties} aria-hidden="true" />
            {speak('load/percent', { n: percent(one.share) })}
          </td>
          <td>{speak('load/percent', { n: percent(one.cumulative) })}</td>
          <td>{one.noise}</td>
        </tr>
      ))}
    </Table>
  )
}

function Stale({ report }: { report: LoadReport }) {
  const speak = useSpeak()
  return (
    <section>
      <h3>{speak('load/stale')}</h3>
      {report.stale.length === 0 && <p className="quiet">{speak('load/noStale')}</p>}
      <ul className="lines">
        {report.stale.map((one) => (
          <li key={one.incident}>
            <Clock at={one.opened_at} />
            <LevelMark priority={one.priority} size={20} />
            <a href={`/desk#${encodeURIComponent(one.incident)}`} target="yinling-desk">{one.incident}</a> {speak.word('kind', one.kind)}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The figures of the last hours, and the hours to choose from. */
export function LoadFigures() {
  const speak = useSpeak()
  const [hours, setHours] = useState<(typeof HOURS)[number]>(8)
  const { data: report, error } = useLoad(hours)
  return (
    <div className="load">
      <div className="buttons">
        {HOURS.map((one) => (
          <Button key={one} variant={one === hours ? 'contained' : 'outlined'} color={one === hours ? 'primary' : 'inherit'} aria-pressed={one === hours} onClick={() => setHours(one)}>
            {speak('load/period', { n: one })}
          </Button>
        ))}
      </div>
      <p className="quiet small">
        {speak('load/body')} {report && speak('load/since', { time: clockTime(report.since, speak.lang) })}
      </p>
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!report && error === null && <p className="quiet">{speak('common/loading')}</p>}
      {report && (
        <>
          <Seats seats={report.seats} />
          <Desks desks={report.desks} />
          <Sources report={report} />
          <Stale report={report} />
        </>
      )}
    </div>
  )
}

/** How much rings here, for each seat, each desk and each source. */
export function Load({ close }: { close: () => void }) {
  const speak = useSpeak()
  return (
    <Dialog open fullWidth maxWidth="lg" onClose={close} aria-labelledby="load-title">
      <DialogTitle id="load-title">{speak('load/title')}</DialogTitle>
      <DialogContent>
        <LoadFigures />
      </DialogContent>
      <Foot close={close} />
    </Dialog>
  )
}
