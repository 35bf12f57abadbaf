import { describe, expect, it } from 'vitest'
import type { AlarmHeard, Ev, OfferNotice } from '../src/generated/console'
import type { IncidentRow } from '../src/generated/http'
import { deskRow, deskSeen, EMPTY_DESK, HEARD, putAside, reduceDesk, type DeskState } from '../src/kernel/state/desk'
import { EMPTY_FIELD, fieldSeen, offerDone, reduceField, toldRead, type FieldState } from '../src/kernel/state/field'
import { attend, calling, queueOf, ringingOf } from '../src/kernel/state/queue'
import { InboxStore, type Saved } from '../src/kernel/state/store'
import { changes } from '../src/desk/live'

let seq = 0
const ev = (type: string, d: object): Ev => ({
  t: 'ev', i: 'x', seq: (seq += 1), id: `e${seq}`, type, at: '2026-11-22T02:00:00.000Z', replay: false, d: d as Record<string, unknown>,
})

const row = (incident: string, more: Partial<IncidentRow> = {}): IncidentRow => ({
  incident, ver: 1, state: 'open', priority: 1, kind: 'sos', drill: false, flags: [], cls: 'own', presses: 1, rung: 0,
  division: '360733', name_masked: '李*芳', place: '', device: null, linked_to: null, opened_at: '2026-11-22T02:00:00.000Z',
  pressed_at: '2026-11-22T02:00:00.000Z', taken_at: null, holder: null, holder_account: null, job: null, job_state: 'offering',
  asked: 0, going: [], next_due: null, faults: [], protects: false, undelivered: 0, handoffs: {}, hands: 1, alarms: [], ...more,
})

const events = <S>(reduce: (s: S, c: { kind: 'events'; events: Ev[] }) => S, state: S, ...list: Ev[]): S => reduce(state, { kind: 'events', events: list })
const queue = (...states: DeskState[]) =>
  queueOf(new Map(states.map((state, k): [string, Saved<DeskState>] => [`d:${k}`, { cursor: { epoch: 'e', seq: 1 }, state }])))

const word = (alarm: string, more: Partial<AlarmHeard> = {}): AlarmHeard => ({
  alarm, device: `B-${alarm}`, kind: 'sos', priority: 1, drill: false, division: '360733', elder: 'E-1', name_masked: '李*芳',
  place: '红旗路 5 号', at: '2026-11-22T02:00:01.000Z', ...more,
})
const told = (state: DeskState, one: AlarmHeard): DeskState => HEARD.told(state, { t: 'state', k: `alarm/${one.alarm}`, ver: 0, d: { ...one } })

it('keeps how many timers of a county are late in one line', () => {
  const late = (n: number, county: string) => ev('platform.breach', { check: 'deadline_overdue', detail: { county, incidents: n }, incident: null, alarm: null, place: null, kind: null })
  const state = events(reduceDesk, EMPTY_DESK, late(11, '360733'), late(57, '360733'), late(12, '360121'))
  expect(queue(state).breaches.map(({ d }) => d.detail['incidents'])).toEqual([57, 12])
})

describe('an alarm that is in no incident yet', () => {
  it('rings, waits where its urgency puts it, and becomes its incident', () => {
    const before = events(reduceDesk, EMPTY_DESK, ev('incident.opened', row('old')), ev('incident.opened', row('low', { priority: 2 })))
    const beside = told(EMPTY_DESK, word('a'))
    expect(calling(queue(before, beside)).map(({ key }) => key)).toEqual(['old', 'a', 'low'])
    expect(ringingOf(queue(before, beside), new Map())).toContainEqual({ key: 'a', level: 1 })
    const opened = ev('incident.opened', row('new', { device: 'B-a', alarms: ['a'], opened_at: '2026-11-22T02:00:01.100Z' }))
    const after = queue(events(reduceDesk, before, opened), HEARD.after(beside, { kind: 'events', events: [opened] }))
    expect(calling(after).map(({ key }) => key)).toEqual(['old', 'new', 'low'])
    expect(after.heard).toEqual([])
  })

  it('shows a second press in the row there is, and rings again', () => {
    const taken = events(reduceDesk, EMPTY_DESK, ev('incident.updated', row('I', { device: 'B-a', taken_at: '2026-11-22T02:00:00.500Z' })))
    const known = attend(new Map(), queue(taken))
    const pressed = queue(taken, told(EMPTY_DESK, word('a')))
    expect(pressed.heard).toEqual([])
    expect(pressed.taken.map(({ d }) => d.presses)).toEqual([2])
    expect(ringingOf(pressed, known).map(({ key }) => key)).toEqual(['I 2 0'])
  })

  it('is a call of its own where the row is about something else', () => {
    const battery = events(reduceDesk, EMPTY_DESK, ev('incident.opened', row('low', { device: 'B-a', kind: 'low_batt', priority: 3, covered_at: null })))
    expect(calling(queue(battery, told(EMPTY_DESK, word('a')))).map(({ key }) => key)).toEqual(['a'])
  })

  it('stands for the alarm of the watch, which ends with the incident, too', () => {
    const breach = ev('platform.breach', { check: 'alarm_without_incident', detail: {}, incident: null, alarm: 'a', place: '', kind: 'sos' })
    const state = events(reduceDesk, EMPTY_DESK, breach)
    expect(queue(state).breaches.length).toBe(1)
    expect(queue(state, told(EMPTY_DESK, word('a'))).breaches).toEqual([])
    expect(queue(events(reduceDesk, state, ev('incident.opened', row('I', { alarms: ['b'] })))).breaches.length).toBe(1)
    expect(queue(events(reduceDesk, state, ev('incident.opened', row('I', { alarms: ['a'] })))).breaches).toEqual([])
  })

  it('ends when the platform takes it back, and only then', () => {
    const both = told(told(EMPTY_DESK, word('a')), word('b'))
    const left = HEARD.told(both, { t: 'state', k: 'alarm/a', ver: 1, d: {} })
    expect(Object.keys(left.heard)).toEqual(['b'])
    const others = [ev('incident.updated', row('I', { alarms: ['a'] })), ev('load.flood', { alarms: 10 })]
    expect(HEARD.after(left, { kind: 'events', events: others })).toBe(left)
    expect(HEARD.after(left, { kind: 'snapshot', d: {}, events: [] }).heard).toEqual({})
    expect(HEARD.told(left, { t: 'state', k: 'platform', ver: 1, d: { dispatch: false } })).toBe(left)
  })

  it('is not kept on this computer, and every other thing is', () => {
    const saved = new Map<string, Saved<DeskState>>()
    const store = new InboxStore(['d:1'], EMPTY_DESK, reduceDesk, { load: async () => null, save: (inbox, one) => saved.set(inbox, one) })
    store.changed('d:1', { epoch: 'e', seq: 1 }, { kind: 'events', events: [ev('incident.opened', row('I'))] })
    store.beside((state) => told(state, word('a')))
    store.everywhere((state) => deskSeen(state, new Set(['none'])))
    expect(calling(queueOf(store.read())).map(({ key }) => key)).toEqual(['I', 'a'])
    expect([...saved.keys()]).toEqual(['d:1'])
    expect([...store.cursors().keys()]).toEqual(['d:1'])
    store.beside(() => EMPTY_DESK)
    expect(calling(queueOf(store.read())).map(({ key }) => key)).toEqual(['I'])
  })
})

describe('desk', () => {
  it('replaces a row only by a newer version', () => {
    const state = events(reduceDesk, EMPTY_DESK, ev('incident.opened', row('A', { ver: 3 })), ev('incident.updated', row('A', { ver: 2, presses: 9 })))
    expect(state.incidents['A']?.d).toMatchObject({ ver: 3, presses: 1 })
  })

  it('removes what is closed, with the breaches that stood for it', () => {
    const breach = ev('platform.breach', { check: 'alarm_without_incident', detail: {}, incident: 'A' })
    const state = events(reduceDesk, EMPTY_DESK, ev('incident.opened', row('A')), breach, ev('incident.closed', row('A', { ver: 2, state: 'closed' })))
    expect(state).toMatchObject({ incidents: {}, breaches: {} })
  })

  it('drops an alarm without an owner when somebody has dealt with it', () => {
    const unplaced = ev('alarm.unplaced', { quarantine: 'q1', topic: 'zigbee2mqtt/sos', reason: 'unbound' })
    const state = events(reduceDesk, EMPTY_DESK, unplaced, ev('alarm.unplaced', { quarantine: 'q2', topic: 'x', reason: 'no_place' }))
    expect(Object.keys(events(reduceDesk, state, ev('alarm.settled', { quarantine: 'q1' })).unplaced)).toEqual(['q2'])
  })

  it('takes a snapshot whole and keeps the name a row is seen by', () => {
    const before = events(reduceDesk, EMPTY_DESK, ev('incident.opened', row('A')))
    const state = reduceDesk(before, { kind: 'snapshot', d: { incidents: [{ ...row('B'), ev: 'first' }], unplaced: [] }, events: [ev('incident.opened', row('C'))] })
    expect(Object.keys(state.incidents)).toEqual(['B', 'C'])
    expect(state.incidents['B']?.unseen).toEqual(['first'])
  })

  it('forgets what was seen and nothing else', () => {
    const first = ev('incident.opened', row('A'))
    const second = ev('incident.updated', row('A', { ver: 2 }))
    const state = events(reduceDesk, EMPTY_DESK, first, second)
    expect(deskSeen(state, new Set([first.id])).incidents['A']?.unseen).toEqual([second.id])
    expect(deskSeen(state, new Set(['other']))).toBe(state)
  })

  it('believes a newer row from an answer', () => {
    const state = events(reduceDesk, EMPTY_DESK, ev('incident.opened', row('A')))
    expect(deskRow(state, row('A', { ver: 2, state: 'taken' })).incidents['A']?.d.state).toBe('taken')
    expect(deskRow(state, row('A', { ver: 2, state: 'closed' })).incidents).toEqual({})
    expect(deskRow(state, row('A', { ver: 1, state: 'taken' }))).toBe(state)
  })

  it('shows a repeated breach again after it was put aside', () => {
    const breach = () => ev('platform.breach', { check: 'clock', detail: { off: 1 } })
    const once = events(reduceDesk, EMPTY_DESK, breach())
    const aside = putAside(once, Object.keys(once.breaches)[0] as string)
    expect(queue(aside).breaches).toHaveLength(0)
    expect(queue(events(reduceDesk, aside, breach())).breaches).toHaveLength(1)
  })
})

describe('queue', () => {
  const filled = events(
    reduceDesk,
    EMPTY_DESK,
    ev('incident.opened', row('late', { opened_at: '2026-11-22T02:05:00.000Z' })),
    ev('incident.opened', row('low', { priority: 3 })),
    ev('incident.opened', row('early')),
    ev('incident.opened', row('held', { state: 'taken', taken_at: '2026-11-22T02:01:00.000Z' })),
  )

  it('puts priority before time and the untaken apart', () => {
    const { waiting, taken } = queue(filled)
    expect(waiting.map(({ key }) => key)).toEqual(['early', 'late', 'low'])
    expect(taken.map(({ key }) => key)).toEqual(['held'])
  })

  it('keeps what has not changed as the same thing, so that it is not drawn again', () => {
    const before = queue(filled).waiting
    const after = queue(events(reduceDesk, filled, ev('incident.updated', row('late', { ver: 2, opened_at: '2026-11-22T02:05:00.000Z' })))).waiting
    expect(after.map((item, k) => item === before[k])).toEqual([true, false, true])
  })

  it('joins inboxes: newest version, every unseen event', () => {
    const other = events(reduceDesk, EMPTY_DESK, ev('incident.updated', row('early', { ver: 5, presses: 2 })))
    const early = queue(filled, other).waiting.find(({ key }) => key === 'early')
    expect(early?.d.presses).toBe(2)
    expect(early?.unseen.map(({ inbox }) => inbox)).toEqual(['d:0', 'd:1'])
  })

  it('rings for the untaken, and for the taken only when it calls again', () => {
    const before = queue(filled)
    const known = attend(new Map(), before)
    expect(ringingOf(before, known).map(({ level }) => level)).toEqual([1, 1, 3])
    const pressed = queue(events(reduceDesk, filled, ev('incident.updated', row('held', { ver: 2, presses: 2, state: 'taken', taken_at: 'x' }))))
    expect(ringingOf(pressed, attend(known, pressed)).map(({ key }) => key)).toContain('held 2 0')
    const attended = attend(attend(known, pressed), pressed, new Set(['held']))
    expect(ringingOf(pressed, attended).map(({ key }) => key)).not.toContain('held 2 0')
  })

  it('lets a drill ring like something for the day', () => {
    const drill = queue(events(reduceDesk, EMPTY_DESK, ev('incident.opened', row('D', { drill: true }))))
    expect(ringingOf(drill, new Map())).toEqual([{ key: 'D 1 0', level: 3 }])
  })

  it('counts what a frozen list does not show', () => {
    const now = queue(events(reduceDesk, filled, ev('incident.opened', row('new')), ev('incident.closed', row('low', { ver: 2 }))))
    expect(changes(queue(filled), now)).toBe(2)
  })
})

const offer = (id: string, more: Partial<OfferNotice> = {}): OfferNotice => ({
  offer: id, job: `job-${id}`, incident: 'I', ver: 1, priority: 1, kind: 'sos', drill: false, elder: { name_masked: '李*芳' }, place: '3栋',
  dist_m: 640, eta_s: 420, respond_by: '2026-11-22T02:00:30.000Z', ring: 'sos', ordered: false, others_asked: 2, ...more,
})

describe('field', () => {
  const asked = events(reduceField, EMPTY_FIELD, ev('job.offered', offer('1')), ev('job.offered', offer('2')))

  it('tells who was first and drops the offer', () => {
    const state = events(reduceField, asked, ev('offer.closed', { offer: '1', job: 'job-1', incident: 'I', why: 'taken', who: '赵保安' }))
    expect(Object.keys(state.offers)).toEqual(['2'])
    expect(state.told).toMatchObject([{ offer: '1', why: 'taken', who: '赵保安', elder: '李*芳' }])
    expect(toldRead(state, '1 taken').told).toEqual([])
  })

  it('says nothing about what this person did', () => {
    const closed = (why: string) => events(reduceField, asked, ev('offer.closed', { offer: '1', job: 'job-1', incident: 'I', why }))
    expect(closed('accepted').told).toEqual([])
    expect(closed('declined').told).toEqual([])
  })

  it('tells a lost race once, whichever of answer and stream comes first', () => {
    const told = { key: '1 taken', offer: '1', job: 'job-1', why: 'taken', who: '赵保安', elder: '', place: '' }
    const answered = offerDone(asked, '1', told)
    const state = events(reduceField, answered, ev('offer.closed', { offer: '1', job: 'job-1', incident: 'I', why: 'taken', who: '赵保安' }))
    expect(state.told).toHaveLength(1)
    expect(state).toBe(answered)
  })

  it('says nothing of a lost race to somebody who goes all the same, as backup', () => {
    const lost = ev('offer.closed', { offer: '1', job: 'job-1', incident: 'I', why: 'taken', who: '赵保安' })
    const backup = ev('job.updated', { job: 'job-1', incident: 'I', ver: 2, state: 'accepted', role: 'backup', my_state: 'accepted', presses: 1 })
    expect(events(reduceField, asked, lost, backup).told).toEqual([])
    expect(events(reduceField, asked, backup, lost).told).toEqual([])
  })

  it('keeps the newest job and the duty of a snapshot', () => {
    const job = { job: 'j', incident: 'I', state: 'accepted', role: 'first', my_state: 'accepted', presses: 1 }
    const state = reduceField(asked, { kind: 'snapshot', d: { offers: [], jobs: [{ ...job, ver: 4 }], duty: { on: true } }, events: [ev('job.updated', { ...job, ver: 3, presses: 7 })] })
    expect(state).toMatchObject({ duty: true, offers: {}, jobs: { j: { d: { ver: 4, presses: 1 } } } })
  })

  it('is unchanged when nothing was seen', () => expect(fieldSeen(asked, new Set())).toBe(asked))
})

describe('store', () => {
  it('tells at once and then once a frame, however much has come meanwhile', () => {
    const [frames, told]: [(() => void)[], number[]] = [[], []]
    const saver = { load: () => Promise.resolve(null), save: () => undefined }
    const store = new InboxStore(['u:1'], EMPTY_FIELD, reduceField, saver, (over) => void frames.push(over))
    store.subscribe(() => told.push(store.cursors().get('u:1')?.seq ?? 0))
    for (const seq of [1, 2, 3]) store.changed('u:1', { epoch: 'e1', seq }, { kind: 'events', events: [ev('job.offered', offer(String(seq)))] })
    expect(told).toEqual([1])
    frames.shift()?.()
    expect(told).toEqual([1, 3])
    frames.shift()?.()
    expect(told).toEqual([1, 3])
  })

  it('saves the position together with the state it stands for, and starts from it', async () => {
    const disk = new Map<string, Saved<FieldState>>()
    const saver = { load: (inbox: string) => Promise.resolve(disk.get(inbox) ?? null), save: (inbox: string, saved: Saved<FieldState>) => void disk.set(inbox, saved) }
    const first = new InboxStore(['u:1'], EMPTY_FIELD, reduceField, saver)
    first.changed('u:1', { epoch: 'e1', seq: 5 }, { kind: 'events', events: [ev('job.offered', offer('1'))] })
    const second = new InboxStore(['u:1'], EMPTY_FIELD, reduceField, saver)
    const before = second.read()
    await second.restore()
    expect(second.read()).not.toBe(before)
    expect(second.cursors().get('u:1')).toEqual({ epoch: 'e1', seq: 5 })
    expect(Object.keys(second.read().get('u:1')?.state.offers ?? {})).toEqual(['1'])
  })
})
