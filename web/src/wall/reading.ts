import { useEffect, useState } from 'react'
import type { Wall } from '../generated/http'
import { ApiError, request } from '../kernel/api'

const EVERY_MS = 5_000
const RELOAD_MS = 6 * 3_600_000

/** What was read last, when by this machine's own count, and whether the ticket still opens anything. */
export interface Reading {
  wall: Wall | null
  readAt: number
  ended: boolean
}

/** Reads for ever. A new build is fetched some hours later, right after an answer, when the server is known to be there. */
export function useReading(ticket: string): Reading {
  const [reading, setReading] = useState<Reading>({ wall: null, readAt: 0, ended: false })
  useEffect(() => {
    const begun = performance.now()
    let timer: ReturnType<typeof setTimeout> | null = null
    let gone = false
    const read = async () => {
      try {
        const wall = await request<Wall>('/wall', { ticket, timeout: EVERY_MS })
        if (gone) return
        setReading({ wall, readAt: performance.now(), ended: false })
        if (performance.now() - begun > RELOAD_MS) location.reload()
      } catch (error) {
        const ended = error instanceof ApiError && (error.status === 401 || error.status === 403 || error.status === 404)
        if (!gone && ended) setReading({ wall: null, readAt: 0, ended })
      }
      if (!gone) timer = setTimeout(() => void read(), EVERY_MS)
    }
    if (ticket) void read()
    return () => {
      gone = true
      if (timer) clearTimeout(timer)
    }
  }, [ticket])
  return reading
}

/** Beats each second, so that ages go on while nothing comes. */
export function useBeat(): number {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
