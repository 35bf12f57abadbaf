import type { AlarmHeard, BreachNotice, UnplacedNotice } from '../../generated/console'
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
  /** Alarms that are stored and in no incident yet. */
  heard: Item<AlarmHeard>[]
  taken: Item<IncidentRow>[]
  /** What is no emergency: batteries, silent things, what is looked after tomorrow. */
  low: Item<IncidentRow>[]
  /** What was put aside; it comes back by itself. */
  shelved: Item<IncidentRow>[]
  unplaced: Item<UnplacedNotice>[]
  breaches: Item<BreachNotice>[]
  calls: Item<DeskCallLine>[]
}

type States = ReadonlyMap<string, Saved<DeskState>>
type Part = 'incidents' | 'heard' | 'unplaced' | 'breaches' | 'calls'

const known = new WeakMap<object, Item<unknown>>()

/** What has not changed stays the same object, so that of five hundred rows only the changed one is drawn again. */
function itemOf<T>(inbox: string, key: string, held: Held<T>): Item<T> {
  const before = known.get(held) as Item<T> | undefined
  if (before) return before
  const item = { key, d: held.d, at: held.at, unseen: held.unseen.map((id) => ({ inbox, id })) }
  known.set(held, item)
  return item
}

/** All inboxes as one: the newest version of a thing wins, everything unseen is kept. */
function gather<T>(states: States, part: Part, newer: (a: T, b: T) => boolean): Item<T>[] {
  const found = new Map<string, Item<T>>()
  for (const [inbox, { state }] of states) {
    for (const [key, held] of Object.entries(state[part] ?? {}) as [string, Held<T>][]) {
      const item = itemOf(inbox, key, held)
      const other = found.get(key)
      const best = other && !newer(item.d, other.d) ? other : item
      found.set(key, other ? { ...best, unseen: [...other.unseen, ...item.unseen] } : item)
    }
  }
  return [...found.values()]
}

/** Booked work runs by itself until nobody can be found for it. */
const bySelf = ({ kind, rung }: IncidentRow): boolean => kind === 'order' && rung === 0

export const isWaiting = (row: IncidentRow): boolean => row.taken_at === null && (row.state === 'open' || row.state === 'reopened') && !bySelf(row)

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const CONDITIONS = new Set(['low_batt', 'offline', 'tamper', 'mains_lost'])
const LOW = new Set([...CONDITIONS, 'test', 'inactivity', 'welfare'])
const LEAST_GRAVE = 3

/** Never anything that a person pressed, and nothing that has become grave. */
export const isLow = (row: IncidentRow): boolean => LOW.has(row.kind) && row.priority >= LEAST_GRAVE && row.covered_at === null

export const isShelved = (row: IncidentRow): boolean => row.shelved_until !== null && row.shelved_until !== undefined

/** What may be put aside: a condition of a thing, as the server sees it too. */
export const mayBeShelved = (row: IncidentRow): boolean =>
  isLow(row) && !isShelved(row) && row.outage === null && row.faults.length > 0 && row.faults.every(({ kind }) => CONDITIONS.has(kind))

/** Every row there is, wherever the list shows it. */
export const rowsOf = (queue: Queue): Item<IncidentRow>[] => [...queue.waiting, ...queue.taken, ...queue.low, ...queue.shelved]

/** Priority first, then who has waited longest; instants are all written alike, so they compare as they stand. */
export function byUrgency(a: Item<IncidentRow>, b: Item<IncidentRow>): number {
  return a.d.priority - b.d.priority || inOrder(a.d.opened_at, b.d.opened_at) || inOrder(a.key, b.key)
}

export const callerOf = ({ device, kind, drill }: IncidentRow | AlarmHeard): string => `${device} ${kind} ${drill}`

/** One who presses again shows in the row there is; every other alarm has a line of its own until its incident comes. */
function pressedAgain(rows: Item<IncidentRow>[], words: Item<AlarmHeard>[]) {
  if (words.length === 0) return { rows, heard: words }
  const callers = new Map(rows.map((row) => [callerOf(row.d), row.key]))
  const again = new Map<string, number>()
  for (const { d } of words) again.set(callerOf(d), (again.get(callerOf(d)) ?? 0) + 1)
  const pressed = (row: Item<IncidentRow>) => ({ ...row, d: { ...row.d, presses: row.d.presses + (again.get(callerOf(row.d)) ?? 0) } })
  return {
    rows: rows.map((row) => (again.has(callerOf(row.d)) && callers.get(callerOf(row.d)) === row.key ? pressed(row) : row)),
    heard: words.filter(({ d }) => !callers.has(callerOf(d))),
  }
}

/** What waits for somebody here, each where its urgency puts it: an alarm becomes its incident in the same place. */
export function calling({ waiting, heard }: Queue): Item<IncidentRow | AlarmHeard>[] {
  if (heard.length === 0) return waiting
  const since = (d: IncidentRow | AlarmHeard) => ('opened_at' in d ? d.opened_at : d.at)
  return [...waiting, ...heard].sort((a, b) => a.d.priority - b.d.priority || inOrder(since(a.d), since(b.d)) || inOrder(a.key, b.key))
}

const queues = new WeakMap<States, Queue>()

/** The same queue for the same states: each part of the screen asks for it, and it is put in order once. */
export function queueOf(states: States): Queue {
  const queue = queues.get(states) ?? ordered(states)
  queues.set(states, queue)
  return queue
}

function ordered(states: States): Queue {
  const all = gather<IncidentRow>(states, 'incidents', (a, b) => a.ver > b.ver).sort(byUrgency)
  const words = gather<AlarmHeard>(states, 'heard', () => false)
  const { rows, heard } = pressedAgain(all, words)
  const stands = new Set<string | null>(words.map(({ key }) => key))
  const aside = new Set([...states.values()].flatMap(({ state }) => state.aside))
  const here = <T>(item: Item<T>) => !aside.has(item.key)
  return {
    waiting: rows.filter(({ d }) => isWaiting(d) && !isLow(d) && !isShelved(d)),
    heard,
    taken: rows.filter(({ d }) => !isWaiting(d) && !isShelved(d)),
    low: rows.filter(({ d }) => isWaiting(d) && isLow(d) && !isShelved(d)),
    shelved: rows.filter(({ d }) => isShelved(d)),
    unplaced: gather<UnplacedNotice>(states, 'unplaced', () => false).filter(here),
    breaches: gather<BreachNotice>(states, 'breaches', () => false).filter((one) => here(one) && !stands.has(one.d.alarm ?? null)),
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

const urgency = (row: IncidentRow | AlarmHeard): number => (row.drill ? 3 : row.priority)

export function ringingOf(queue: Queue, attended: Attended): Ringing[] {
  const again = queue.taken.filter(({ d }) => (attended.get(d.incident) ?? callOf(d)) !== callOf(d))
  return [
    ...[...queue.waiting, ...queue.low].map(({ d }) => ({ key: ringKey(d), level: urgency(d) })),
    ...queue.heard.map(({ key, d }) => ({ key, level: urgency(d) })),
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
