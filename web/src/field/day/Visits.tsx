import type { MyVisit } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { distance, hourMinute } from '../../kernel/time'
import { useMyVisits } from './days'

function Visit({ visit, n }: { visit: MyVisit; n: number }) {
  const speak = useSpeak()
  const { lang } = speak
  const name = lang === 'en' && visit.service_name_en ? visit.service_name_en : visit.service_name
  const far = visit.leg_m === null ? null : distance(visit.leg_m)
  return (
    <li>
      <span className="stop" aria-label={speak('day/stop', { n })}>
        {n}
      </span>
      <div>
        <strong>
          {visit.starts_at ? speak('day/planned', { time: hourMinute(visit.starts_at, lang) }) : speak('day/noPlan')} · {name}
        </strong>
        <span>
          {visit.name_masked} {visit.address}
        </span>
        <span className="quiet small">
          {speak('day/window', { from: hourMinute(visit.window_from, lang), to: hourMinute(visit.window_to, lang) })}
          {' · '}
          {speak('unit/minutes', { n: visit.minutes })}
          {visit.hands > 1 && ` · ${speak('day/hands', { n: visit.hands })}`}
        </span>
        {far && <span className="quiet small">{speak('day/leg', { distance: speak(`unit/${far.unit}`, { n: far.n }) })}</span>}
      </div>
    </li>
  )
}

/** What is booked for today, in the order in which it is made. */
export function Visits() {
  const speak = useSpeak()
  const { data } = useMyVisits()
  if (!data || data.items.length === 0) return null
  return (
    <section className="visits" aria-labelledby="visits">
      <h2 id="visits">{speak('day/visits')}</h2>
      <ol>
        {data.items.map((visit, at) => (
          <Visit key={visit.order} visit={visit} n={at + 1} />
        ))}
      </ol>
    </section>
  )
}
