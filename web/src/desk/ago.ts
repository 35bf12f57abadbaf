import type { Speak } from '../kernel/i18n'
import { serverClock } from '../kernel/time'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long ago something was, in the widest unit that says enough. */
export function ago(at: string, speak: Speak): string {
  const ms = Math.max(0, serverClock.now() - Date.parse(at))
  if (ms < MINUTE_MS) return speak('record/ago/now')
  if (ms < HOUR_MS) return speak('record/ago/minutes', { n: Math.floor(ms / MINUTE_MS) })
  if (ms < 2 * DAY_MS) return speak('record/ago/hours', { n: Math.floor(ms / HOUR_MS) })
  return speak('record/ago/days', { n: Math.floor(ms / DAY_MS) })
}

export const day = (at: string, speak: Speak): string => new Date(at).toLocaleDateString(speak.lang)
