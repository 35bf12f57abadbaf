import { useSpeak } from '../../kernel/i18n'
import { chinaDay, serverClock } from '../../kernel/time'
import { useGoing } from './address'
import { lastDay, lastDays } from './figures'

const DAYS = [1, 7, 30, 365] as const

/** From which day to which, both inside; the last so many days in one click. */
export function Period({ since, until }: { since: string; until: string }) {
  const speak = useSpeak()
  const going = useGoing()
  const shown = { from: chinaDay(Date.parse(since)), to: lastDay(until) }
  const set = (name: 'from' | 'to', day: string) => day && going.set({ ...shown, [name]: day, cursor: '' })
  const now = serverClock.now()
  return (
    <div className="period" role="group" aria-label={speak('reports/period')}>
      {(['from', 'to'] as const).map((name) => (
        <label key={name} className="choose-one">
          <span>{speak(`reports/${name}`)}</span>
          <input type="date" value={shown[name]} max={chinaDay(now)} onChange={(event) => set(name, event.target.value)} />
        </label>
      ))}
      <span className="filters no-paper">
        {DAYS.map((days) => {
          const these = lastDays(days, now)
          return (
            <button key={days} type="button" aria-pressed={these.from === shown.from && these.to === shown.to} onClick={() => going.set({ ...these, cursor: '' })}>
              {speak(`reports/days/${days}`)}
            </button>
          )
        })}
      </span>
    </div>
  )
}
