import type { CircleHours } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Clock } from '../../ui/Times'
import { useGoing } from './address'
import { useCircleHours } from './api'
import { percent } from './figures'
import { Crumbs, Sheet, Stale, Table, Waiting, wayOf } from './parts'
import { Period } from './Period'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
/** From here on an hour is thin, and stands out. */
const THIN = 0.9

function Week({ view }: { view: CircleHours }) {
  const speak = useSpeak()
  const found = new Map(view.hours.map((one) => [`${one.weekday} ${one.hour}`, one]))
  return (
    <Table title={speak('reports/hoursOf', { name: view.name })} head={[speak('reports/grouping/hour'), ...WEEKDAYS.map((day) => speak.word('weekday', String(day)))]} hideTitle>
      {HOURS.map((hour) => (
        <tr key={hour} data-hour={hour}>
          <th scope="row">{speak('reports/hour', { from: hour, to: hour + 1 })}</th>
          {WEEKDAYS.map((day) => {
            const within = found.get(`${day} ${hour}`)?.within ?? null
            return (
              <td key={day} data-none={within === null} data-alert={within !== null && within < THIN}>
                {within !== null && within < THIN ? '▼ ' : ''}
                {percent(within)}
              </td>
            )
          })}
        </tr>
      ))}
    </Table>
  )
}

/** The fifteen-minute circle hour by hour of the week: when help is thin. */
export function Hours({ widest }: { widest: string }) {
  const speak = useSpeak()
  const going = useGoing()
  const { data: view, error } = useCircleHours(going.given)
  const title = speak('reports/hoursOf', { name: view?.name ?? '' })
  if (!view) return <Sheet title={title}><Waiting error={error} /></Sheet>
  const about = (
    <>
      <Crumbs above={wayOf(view)} widest={widest} />
      {view.as_of && (
        <span className="quiet">
          {speak('reports/asOf')} <Clock at={view.as_of} />
        </span>
      )}
      <a href={going.to('indicators')}>{speak('reports/backTo', { page: speak('reportsPage/indicators') })}</a>
    </>
  )
  return (
    <Sheet title={title} about={about}>
      <Stale error={error} />
      <Period since={view.since} until={view.until} />
      <p className="quiet">{speak('reports/hoursMean', { n: view.target_s / 60, aim: percent(THIN) })}</p>
      <Week view={view} />
    </Sheet>
  )
}
