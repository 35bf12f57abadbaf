const CEILING_MS = 15_000
const BASE_MS = 500
const FIRST_MS = 500

/** Full jitter; the first try after a healthy connection comes within half a second. */
export function retryDelay(failures: number, random: number): number {
  if (failures <= 0) return random * FIRST_MS
  return random * Math.min(CEILING_MS, BASE_MS * 2 ** Math.min(failures, 10))
}

/** A delay inside the window the server asked for in its `bye`. */
export function windowDelay([from, to]: readonly [number, number], random: number): number {
  return from + random * Math.max(0, to - from)
}

export type CloseRule = 'retry' | 'check-session' | 'login' | 'replaced' | 'reload' | 'slow-retry'

const RULES: Record<number, CloseRule> = {
  4400: 'slow-retry',
  4401: 'check-session',
  4403: 'login',
  4409: 'replaced',
  4410: 'login',
  4426: 'reload',
}

/** What a close code asks for; anything unknown is a broken line. */
export const closeRule = (code: number): CloseRule => RULES[code] ?? 'retry'

/** Whether `mine` is older than `wanted`; builds are numbers divided by dots and dashes. */
export function olderBuild(mine: string, wanted: string): boolean {
  const [a, b] = [numbers(mine), numbers(wanted)]
  for (let k = 0; k < Math.max(a.length, b.length); k += 1) {
    const difference = (a[k] ?? 0) - (b[k] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

const numbers = (build: string): number[] => (build.match(/\d+/g) ?? []).map(Number)
