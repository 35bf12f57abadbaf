import type { Ev } from '../../generated/console'

/** A thing on the screen and the events about it that nobody has been told are drawn. */
export interface Held<T> {
  d: T
  at: string
  unseen: readonly string[]
}

const UNSEEN_AT_MOST = 20

/** From a snapshot: `ev` is the name under which it may be reported as seen. */
export function fresh<T extends object>(d: T, at = ''): Held<T> {
  const { ev } = d as { ev?: unknown }
  return { d, at, unseen: typeof ev === 'string' ? [ev] : [] }
}

export function withEvent<T>(d: T, ev: Ev, before: readonly string[] = []): Held<T> {
  return { d, at: ev.at, unseen: [...before, ev.id].slice(-UNSEEN_AT_MOST) }
}

export function seenOff<T>(held: Held<T>, ids: ReadonlySet<string>): Held<T> {
  const unseen = held.unseen.filter((id) => !ids.has(id))
  return unseen.length === held.unseen.length ? held : { ...held, unseen }
}

/** The same record unless a value changed. */
export function mapRecord<T>(record: Readonly<Record<string, T>>, edit: (value: T) => T): Readonly<Record<string, T>> {
  const entries = Object.entries(record).map(([key, value]) => [key, edit(value)] as const)
  return entries.some(([key, value]) => record[key] !== value) ? Object.fromEntries(entries) : record
}

export function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!(key in record)) return record
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key))
}
