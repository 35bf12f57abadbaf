import type { BreachNotice, UnplacedNotice } from '../../generated/console'
import type { DeskCallLine, IncidentRow } from '../../generated/http'
import type { DeskState } from './desk'
import type { Held } from './held'
import type { Saved } from './store'

/** An event to be reported as seen, in the inbox it came by. */
export interface Unseen {
  inbox: string
  id: string
}

export interface Item<T> {
  key: string
  d: T
  at: string
  unseen: readonly Unseen[]
}

export interface Queue {
  waiting: Item<IncidentRow>[]
  taken: Item<IncidentRow>[]
  unplaced: Item<UnplacedNotice>[]
  breaches: Item<BreachNotice>[]
  calls: Item<DeskCallLine>[]
}

type States = ReadonlyMap<string, Saved<DeskState>>
type Part = 'incidents' | 'unplaced' | 'breaches' | 'calls'

/** All inboxes as one: the newest version of a thing wins, everything unseen is kept. */
function gather<T>(states: States, part: Part, newer: (a: T, b: T) => boolean): Item<T>[] {
  const found = new Map<string, Item<T>>()
  for (const [inbox, { state }] of states) {
    for (const [key, held] of Object.entries(state[part] ?? {}) as [string, Held<T>][]) {
      const unseen = held.unseen.map((id) => ({ inbox, id }))
      const other = found.get(key)
      const best = other && !newer(held.d, other.d) ? other : { d: held.d, at: held.at }
      found.set(key, { key, d: best.d, at: best.at, unseen: [...(other?.unseen ?? []), ...unseen] })
    }
  }
  return [...found.values()]
}

/** Booked work runs by itself until nobody can be found for it. */
const bySelf = ({ kind, rung }: IncidentRow): boolean => kind === 'order' && rung === 0

export const isWaiting = (row: IncidentRow): boolean => row.taken_at === null && (row.state === 'open' || row.state === 'reopened') && !bySelf(row)

/** Priority first, then who has waited longest. */
export function byUrgency(a: Item<IncidentRow>, b: Item<IncidentRow>): number {
  return a.d.priority - b.d.priority || Date.parse(a.d.opened_at) - Date.parse(b.d.opened_at) || a.key.localeCompare(b.key)
}

export function queueOf(states: States): Queue {
  const rows = gather<IncidentRow>(states, 'incidents', (a, b) => a.ver > b.ver).sort(byUrgency)
  const aside = new Set([...states.values()].flatMap(({ state }) => state.aside))
  const here = <T>(item: Item<T>) => !aside.has(item.key)
  return {
    waiting: rows.filter(({ d }) => isWaiting(d)),
    taken: rows.filter(({ d }) => !isWaiting(d)),
    unplaced: gather<UnplacedNotice>(states, 'unplaced', () => false).filter(here),
    breaches: gather<BreachNotice>(states, 'breaches', () => false).filter(here),
    calls: gather<DeskCallLine>(states, 'calls', () => false).filter(here),
  }
}

/** Something that should be sounding. */
export interface Ringing {
  key: string
  level: number
}

/** How often an incident had been pressed and rung further when somebody here last attended to it. */
export type Attended = ReadonlyMap<string, string>

export const callOf = ({ presses, rung }: IncidentRow): string => `${presses} ${rung}`
export const ringKey = (row: IncidentRow): string => `${row.incident} ${callOf(row)}`

/** Taken incidents are quiet from the moment they are known; only a later press or step rings again. */
export function attend(attended: Attended, queue: Queue, now: ReadonlySet<string> = new Set()): Attended {
  const next = new Map<string, string>()
  for (const { d } of queue.taken) {
    const before = attended.get(d.incident)
    next.set(d.incident, before === undefined || now.has(d.incident) ? callOf(d) : before)
  }
  return next
}

const urgency = (row: IncidentRow): number => (row.drill ? 3 : row.priority)

export function ringingOf(queue: Queue, attended: Attended): Ringing[] {
  const again = queue.taken.filter(({ d }) => (attended.get(d.incident) ?? callOf(d)) !== callOf(d))
  return [
    ...queue.waiting.map(({ d }) => ({ key: ringKey(d), level: urgency(d) })),
    ...again.map(({ d }) => ({ key: ringKey(d), level: Math.max(2, urgency(d)) })),
    ...queue.breaches.map(({ key, d }) => ({ key, level: d.kind ? 1 : 2 })),
    ...queue.unplaced.map(({ key }) => ({ key, level: 2 })),
    ...queue.calls.map(({ key }) => ({ key, level: 2 })),
  ]
}

const SEEKING = new Set(['created', 'offering', 're_offering', 'escalated'])

/** People were asked and nobody goes, though the platform has had to ring further. */
export const unanswered = (row: IncidentRow): boolean =>
  row.going.length === 0 && row.rung > 0 && SEEKING.has(row.job_state ?? '')

/** The one who went can't go on alone. */
export const stuck = (row: IncidentRow): boolean => row.job_state === 'no_access' || row.job_state === 'not_found'
