import { expect, test } from 'vitest'
import type { Ev } from '../src/generated/console'
import { EMPTY_DESK, reduceDesk } from '../src/kernel/state/desk'
import { EMPTY_FIELD, reduceField } from '../src/kernel/state/field'
import { reminderRead } from '../src/kernel/state/reminders'

const ev = (id: string, incident: string): Ev =>
  ({ t: 'ev', i: 'u:desk1', seq: 1, id, type: 'breach.nudged', at: '2026-11-22T02:00:00.000Z', d: { incident, stage: 'unaccepted', priority: 1, by: '督导', text: '', ring: 'sos' } }) as unknown as Ev

test('a reminder is kept once for each incident until it is read, at a desk and on a telephone', () => {
  const events = [ev('1', 'I-1'), ev('2', 'I-2'), ev('3', 'I-1')]
  const desk = reduceDesk(EMPTY_DESK, { kind: 'events', events } as never)
  expect(desk.reminders?.map(({ id }) => id)).toEqual(['2', '3'])
  expect(reduceField(EMPTY_FIELD, { kind: 'events', events } as never).reminders).toHaveLength(2)
  expect(reminderRead(desk, '2').reminders?.map(({ id }) => id)).toEqual(['3'])
  expect(reminderRead(desk, 'x')).toBe(desk)
})
