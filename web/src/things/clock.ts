import { useEffect } from 'react'
import { serverClock } from '../kernel/time'

const EVERY_MS = 300_000

async function sample(): Promise<void> {
  const answer = await fetch('/status', { method: 'GET', cache: 'no-store' }).catch(() => null)
  const date = Date.parse(answer?.headers.get('date') ?? '')
  if (Number.isFinite(date)) serverClock.sample(date, Date.now())
}

/** Counters go by the server's time, which a page without a stream learns from the date of an answer. */
export function useServerTime(): void {
  useEffect(() => {
    void sample()
    const timer = setInterval(() => void sample(), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
}
