import { useSpeak } from '../kernel/i18n'
import { clockTime, distance, elapsed, serverClock, useSecond, wholeMinutes } from '../kernel/time'

/** Counts up from an instant of the server's time. Silent for screen readers, which would read every second. */
export function Elapsed({ since, className, inSight = true }: { since: string; className?: string; inSight?: boolean }) {
  useSecond(inSight)
  const ms = serverClock.now() - Date.parse(since)
  return (
    <time className={className ?? 'mono'} dateTime={since} aria-live="off">
      {elapsed(ms)}
    </time>
  )
}

/** Whole seconds left until an instant, never below zero. */
export function useLeft(until: string): number {
  useSecond()
  return Math.max(0, Math.ceil((Date.parse(until) - serverClock.now()) / 1000))
}

export function Clock({ at }: { at: string | null }) {
  const { lang } = useSpeak()
  if (!at) return <>—</>
  return (
    <time className="mono" dateTime={at}>
      {clockTime(at, lang)}
    </time>
  )
}

export function Distance({ metres }: { metres: number }) {
  const speak = useSpeak()
  const { unit, n } = distance(metres)
  return <>{speak(`unit/${unit}`, { n })}</>
}

export function Minutes({ seconds }: { seconds: number }) {
  const speak = useSpeak()
  return <>{speak('unit/minutes', { n: wholeMinutes(seconds) })}</>
}
