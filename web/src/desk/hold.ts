import { useEffect } from 'react'
import { request } from '../kernel/api'

const EVERY_MS = 20_000

const say = (incidents: readonly string[]) => request('/incidents/held', { method: 'PUT', body: { incidents } }).catch(() => undefined)

/** Says again and again that somebody sits here with these; a seat that falls silent for a minute lets go of them. */
export function useHold(held: string): void {
  useEffect(() => {
    if (held === '') return
    const saying = () => void say(held.split(' '))
    saying()
    const timer = setInterval(saying, EVERY_MS)
    return () => clearInterval(timer)
  }, [held])
}
