import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Account } from '../generated/http'
import type { Live } from '../kernel/live'
import { bell } from '../kernel/ring/bell'
import type { DeskState } from '../kernel/state/desk'
import { attend, type Attended, type Queue, queueOf, ringingOf, rowsOf } from '../kernel/state/queue'

export interface Desk {
  live: Live<DeskState>
  account: Account
  /** Somebody here has looked at these incidents, so their repeated ringing stops. */
  attendTo: (incidents: readonly string[]) => void
}

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('outside the desk')
  return desk
}

/** What one part of the screen shows of the queue; that part is drawn again only when this changes. */
export function useOfQueue<T>(live: Live<DeskState>, part: (queue: Queue) => T): T {
  return useSyncExternalStore(live.store.subscribe, () => part(queueOf(live.store.read())))
}

const whole = (queue: Queue): Queue => queue
export const useQueue = (live: Live<DeskState>): Queue => useOfQueue(live, whole)

/** The last letter about seats and modes, of any inbox. */
export function useNews(live: Live<DeskState>): DeskState['watch'] {
  const last = () => [...live.store.read().values()].map(({ state }) => state.watch).findLast((one) => one) ?? null
  return useSyncExternalStore(live.store.subscribe, last)
}

/** Rings for what waits, and again for what was taken but calls once more; at once, and not when it is drawn. */
export function useRings(live: Live<DeskState>) {
  const attended = useRef<Attended>(new Map())
  const settle = useCallback(
    (now?: ReadonlySet<string>) => {
      const queue = queueOf(live.store.read())
      attended.current = attend(attended.current, queue, now)
      bell.want(ringingOf(queue, attended.current))
    },
    [live],
  )
  useEffect(() => {
    settle()
    return live.store.subscribe(() => settle())
  }, [live, settle])
  return useMemo(
    () => ({
      attendTo: (incidents: readonly string[]) => settle(new Set(incidents)),
      /** Quiet for a while; what nobody has taken rings again, louder. */
      hush: () => {
        settle(new Set(queueOf(live.store.read()).taken.map(({ key }) => key)))
        bell.hush(HUSH_MS)
      },
    }),
    [live, settle],
  )
}

const HUSH_MS = 20_000
const STILL_MS = 500

/**
 * The list as shown: frozen while asked for, and for half a second after a press of the pointer, so that no row
 * moves from under it. Changed rows are counted.
 */
export function useShown(queue: Queue, frozen: boolean) {
  const [pressed, setPressed] = useState(0)
  const [, again] = useState(0)
  const kept = useRef(queue)
  const still = Date.now() - pressed < STILL_MS
  if (!frozen && !still) kept.current = queue
  useEffect(() => {
    if (!still) return
    const timer = setTimeout(() => again((n) => n + 1), STILL_MS)
    return () => clearTimeout(timer)
  }, [pressed, still])
  return { shown: kept.current, hold: () => setPressed(Date.now()), changes: frozen ? changes(kept.current, queue) : 0 }
}

export function changes(before: Queue, now: Queue): number {
  const versions = new Map(rowsOf(before).map(({ key, d }) => [key, d.ver]))
  const rows = rowsOf(now)
  const different = rows.filter(({ key, d }) => versions.get(key) !== d.ver).length
  const here = new Set(rows.map(({ key }) => key))
  return different + [...versions.keys()].filter((key) => !here.has(key)).length
}
