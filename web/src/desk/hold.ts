import { useEffect, useRef } from 'react'
import { request } from '../kernel/api'

const EVERY_MS = 20_000

const say = (incidents: readonly string[]) => request('/incidents/held', { method: 'PUT', body: { incidents } }).catch(() => undefined)

/** Says again and again that somebody sits here with these; a seat that falls silent for a minute lets go of them. */
export function useHold(held: readonly string[]): void {
  const latest = useRef(held)
  latest.current = held
  const which = [...held].sort().join(' ')
  useEffect(() => {
    if (which === '') return
    void say(latest.current)
    const timer = setInterval(() => void say(latest.current), EVERY_MS)
    return () => clearInterval(timer)
  }, [which])
}
