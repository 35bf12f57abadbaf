import type { Ev } from '../../generated/console'
import type { ReminderLetter } from '../../generated/http'

export interface Reminder {
  id: string
  d: ReminderLetter
}

/** States kept by an older page have none. */
export interface Reminded {
  reminders?: readonly Reminder[]
}

const AT_MOST = 5

/** Somebody who supervises asks that an incident be moved on: the latest word about each. */
export function reminded<S extends Reminded>(state: S, ev: Ev): S {
  const d = ev.d as unknown as ReminderLetter
  const others = (state.reminders ?? []).filter((one) => one.d.incident !== d.incident)
  return { ...state, reminders: [...others, { id: ev.id, d }].slice(-AT_MOST) }
}

export function reminderRead<S extends Reminded>(state: S, id: string): S {
  const reminders = (state.reminders ?? []).filter((one) => one.id !== id)
  return reminders.length === (state.reminders ?? []).length ? state : { ...state, reminders }
}
