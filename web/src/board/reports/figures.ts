import type { Speak } from '../../kernel/i18n'
import { chinaDay } from '../../kernel/time'

/** A share as a percentage: one decimal, none where it is whole. */
export function percent(share: number | null | undefined): string {
  if (share == null) return '—'
  return `${Math.round(share * 1000) / 10}%`
}

/** A time as a person says it: tenths below ten seconds, seconds below an hour, minutes above. */
export function duration(seconds: number | null | undefined, speak: Speak): string {
  if (seconds == null) return '—'
  if (seconds < 9.95) return speak('reports/time/s', { s: Math.round(seconds * 10) / 10 })
  const whole = Math.round(seconds)
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  if (h > 0) return m > 0 ? speak('reports/time/hm', { h, m }) : speak('reports/time/h', { h })
  if (m > 0) return s > 0 ? speak('reports/time/ms', { m, s }) : speak('reports/time/m', { m })
  return speak('reports/time/s', { s })
}

const DAY_MS = 86_400_000

/** The instant at which a day begins in China. */
export const dayBegins = (day: string): string => `${day}T00:00:00+08:00`

/** The instant at which a day is over in China. */
export const dayEnds = (day: string): string => dayBegins(chinaDay(Date.parse(dayBegins(day)) + DAY_MS))

/** The last day that a period holds, given the instant after it. */
export const lastDay = (until: string): string => chinaDay(Date.parse(until) - 1)

/** The period of so many days that ends today, as days. */
export const lastDays = (days: number, now: number): { from: string; to: string } => ({ from: chinaDay(now - (days - 1) * DAY_MS), to: chinaDay(now) })

/** First and last day of a month such as 2026-11. */
export function monthDays(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) }
}

/** The month before the one that holds this day. */
export function monthBefore(day: string): string {
  const [year = 0, number = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7)
}
