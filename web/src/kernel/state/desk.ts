import type { AlarmHeard, BreachNotice, Ev, State, UnplacedNotice } from '../../generated/console'
import type { DeskCallLine, IncidentRow } from '../../generated/http'
import type { Change } from '../stream/types'
import { fresh, type Held, mapRecord, seenOff, withEvent, without } from './held'
import { type Reminded, reminded } from './reminders'
import type { Beside } from './store'

export interface DeskState extends Reminded {
  incidents: Readonly<Record<string, Held<IncidentRow>>>
  unplaced: Readonly<Record<string, Held<UnplacedNotice>>>
  breaches: Readonly<Record<string, Held<BreachNotice>>>
  /** Alarms that no incident has taken in yet; told beside the inboxes. */
  heard: Readonly<Record<string, Held<AlarmHeard>>>
  /** Calls of the exchange, until somebody has dealt with them here. */
  calls: Readonly<Record<string, Held<DeskCallLine>>>
  /** The last letter about seats and modes, upon which these are read again. */
  watch: { id: string; type: string } | null
  /** Notices somebody here has put aside. */
  aside: readonly string[]
}

export const EMPTY_DESK: DeskState = { incidents: {}, unplaced: {}, breaches: {}, heard: {}, calls: {}, watch: null, aside: [] }

const BREACHES_AT_MOST = 50

export function reduceDesk(state: DeskState, change: Change): DeskState {
  const base = change.kind === 'snapshot' ? fromSnapshot(change.d, state) : state
  return change.events.reduce(applyEvent, base)
}

const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value as T[]) : [])

function fromSnapshot(d: Record<string, unknown>, before: DeskState): DeskState {
  const rows = list<IncidentRow>(d['incidents'])
  const unplaced = list<UnplacedNotice>(d['unplaced'])
  const breaches = list<BreachNotice>(d['breaches'])
  return {
    incidents: Object.fromEntries(rows.map((row) => [row.incident, fresh(row)])),
    unplaced: Object.fromEntries(unplaced.map((notice) => [notice.quarantine, fresh(notice)])),
    breaches: Object.fromEntries(breaches.map((notice) => [breachKey(notice), fresh(notice)])),
    heard: {},
    calls: before.calls ?? {},
    watch: before.watch,
    aside: before.aside,
    reminders: before.reminders ?? [],
  }
}

function applyEvent(state: DeskState, ev: Ev): DeskState {
  switch (ev.type) {
    case 'incident.opened':
    case 'incident.updated':
    case 'incident.closed':
      return applyRow(state, ev, ev.d as unknown as IncidentRow)
    case 'alarm.unplaced':
      return applyUnplaced(state, ev, ev.d as unknown as UnplacedNotice)
    case 'alarm.settled':
      return { ...state, unplaced: without(state.unplaced, String(ev.d['quarantine'])) }
    case 'platform.breach':
      return applyBreach(state, ev, ev.d as unknown as BreachNotice)
    case 'call.incoming':
    case 'call.opened':
    case 'call.linked':
      return applyCall(state, ev, ev.d as unknown as DeskCallLine)
    case 'duty.ask':
    case 'duty.updated':
    case 'duty.uncovered':
    case 'duty.handed_over':
    case 'mode.changed':
    case 'load.flood':
    case 'load.calm':
    case 'seat.silent':
    case 'seat.heard':
      return { ...state, watch: { id: ev.id, type: ev.type } }
    case 'breach.nudged':
      return reminded(state, ev)
    default:
      return state
  }
}

const CALLS_AT_MOST = 10

/** The latest few; a call that has led to an incident is dealt with. */
function applyCall(state: DeskState, ev: Ev, call: DeskCallLine): DeskState {
  const others = without(state.calls ?? {}, call.call)
  if (call.incident !== null || (ev.type !== 'call.incoming' && !(call.call in (state.calls ?? {})))) return { ...state, calls: others }
  const calls = Object.entries({ ...others, [call.call]: withEvent(call, ev, state.calls?.[call.call]?.unseen) })
  return { ...state, calls: Object.fromEntries(calls.slice(-CALLS_AT_MOST)) }
}

function applyRow(state: DeskState, ev: Ev, row: IncidentRow): DeskState {
  const before = state.incidents[row.incident]
  if (ev.type === 'incident.closed' || isOver(row)) {
    return { ...state, incidents: without(state.incidents, row.incident), breaches: breachesWithout(state, ({ incident }) => incident === row.incident) }
  }
  if (before && before.d.ver >= row.ver) return state
  const held = withEvent(row, ev, before?.unseen)
  const taken = new Set<string | null>(row.alarms ?? [])
  return { ...state, incidents: { ...state.incidents, [row.incident]: held }, breaches: breachesWithout(state, ({ alarm }) => taken.has(alarm ?? null)) }
}

const isOver = (row: IncidentRow): boolean => ['closed', 'false_alarm', 'merged'].includes(row.state)

function breachesWithout(state: DeskState, over: (notice: BreachNotice) => boolean): DeskState['breaches'] {
  const keep = Object.entries(state.breaches).filter(([, { d }]) => !over(d))
  return keep.length === Object.keys(state.breaches).length ? state.breaches : Object.fromEntries(keep)
}

function applyUnplaced(state: DeskState, ev: Ev, notice: UnplacedNotice): DeskState {
  return { ...state, unplaced: { ...state.unplaced, [notice.quarantine]: withEvent(notice, ev) } }
}

function applyBreach(state: DeskState, ev: Ev, notice: BreachNotice): DeskState {
  const key = breachKey(notice)
  const entries = Object.entries({ ...state.breaches, [key]: withEvent(notice, ev, state.breaches[key]?.unseen) })
  return {
    ...state,
    breaches: Object.fromEntries(entries.slice(-BREACHES_AT_MOST)),
    aside: state.aside.filter((other) => other !== key),
  }
}

/** A breach that repeats is one line on the screen. */
export function breachKey(notice: BreachNotice): string {
  return [notice.check, notice.incident ?? notice.alarm ?? notice.detail['county'] ?? JSON.stringify(notice.detail)].join(' ')
}

export function deskSeen(state: DeskState, ids: ReadonlySet<string>): DeskState {
  const off = <T>(held: Held<T>) => seenOff(held, ids)
  const incidents = mapRecord(state.incidents, off)
  const unplaced = mapRecord(state.unplaced, off)
  const breaches = mapRecord(state.breaches, off)
  const calls = mapRecord(state.calls ?? {}, off)
  const same = calls === state.calls && incidents === state.incidents && unplaced === state.unplaced && breaches === state.breaches
  return same ? state : { ...state, incidents, unplaced, breaches, calls }
}

const ALARM = 'alarm/'

/** The word of an alarm stands until an incident has taken it in, or the platform takes it back. */
export const HEARD: Beside<DeskState> = {
  told: (state: DeskState, { k, d }: State): DeskState => {
    if (!k.startsWith(ALARM)) return state
    const alarm = k.slice(ALARM.length)
    if (Object.keys(d).length === 0) return { ...state, heard: without(state.heard, alarm) }
    const word = d as unknown as AlarmHeard
    return alarm in state.heard ? state : { ...state, heard: { ...state.heard, [alarm]: { d: word, at: word.at, unseen: [] } } }
  },
  after: (state: DeskState, change: Change): DeskState => {
    // what a snapshot holds is not said again; what still stands is told anew behind it
    if (change.kind === 'snapshot') return EMPTY_DESK
    const rows = change.events.filter(({ type }) => type.startsWith('incident.')).map(({ d }) => d as unknown as IncidentRow)
    const taken = new Set(rows.flatMap((row) => row.alarms ?? []))
    const heard = Object.entries(state.heard).filter(([alarm]) => !taken.has(alarm))
    return heard.length === Object.keys(state.heard).length ? state : { ...state, heard: Object.fromEntries(heard) }
  },
}

/** A row the server answered to a command may be newer than the stream. */
export function deskRow(state: DeskState, row: IncidentRow): DeskState {
  const before = state.incidents[row.incident]
  if (!before || before.d.ver >= row.ver) return state
  const incidents = isOver(row)
    ? without(state.incidents, row.incident)
    : { ...state.incidents, [row.incident]: { ...before, d: row } }
  return { ...state, incidents }
}

export const putAside = (state: DeskState, key: string): DeskState =>
  state.aside.includes(key) ? state : { ...state, aside: [...state.aside.slice(-200), key] }
