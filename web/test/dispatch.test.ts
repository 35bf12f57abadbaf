import { describe, expect, it } from 'vitest'
import { dayAfter, yuan } from '../src/board/money'
import { possible } from '../src/board/Order'
import { complete, wantsOf } from '../src/board/person'
import { becameOf } from '../src/desk/Messages'
import { actsOf } from '../src/desk/OnBehalf'
import { orderOf, phaseOf } from '../src/field/Service'
import type { AssignmentLine, DeskCallLine, JobView, MessageView, OfferLine } from '../src/generated/http'
import type { Speak } from '../src/kernel/i18n'
import { dispatchZh } from '../src/kernel/i18n/dispatch.zh'
import { listed } from '../src/kernel/listed'
import { EMPTY_DESK, reduceDesk } from '../src/kernel/state/desk'
import { localInput } from '../src/kernel/time'
import { asksNow } from '../src/watch/api'
import { ev } from './fakes'

const call = (more: Partial<DeskCallLine> = {}): DeskCallLine => ({
  call: 'c1', direction: 'in', number_masked: '139****0001', line: '12349', at: '2026-11-22T02:00:00.000Z', elders: [],
  responders: [], incident: null, opened_by: null, ...more,
})
const told = (...list: [string, DeskCallLine][]) =>
  reduceDesk(EMPTY_DESK, { kind: 'events', events: list.map(([type, d], k) => ev(k, type, { ...d })) })

describe('a message', () => {
  const speak = { word: (_: string, code: string) => dispatchZh.message.state[code.slice('state/'.length) as MessageView['state']] } as unknown as Speak
  const said = (state: MessageView['state'], reason: string | null) => becameOf({ state, reason } as MessageView, speak)
  it('was not sent too late where only the report is missing', () => {
    expect([said('expired', 'too_late'), said('expired', 'no_report'), said('queued', 'no_report')]).toEqual(['过期未发', '不知是否收到', '待发'])
  })
})

describe('a call of the exchange', () => {
  it('stands at the desk until it has led to an incident', () => {
    expect(Object.keys(told(['call.incoming', call()]).calls)).toEqual(['c1'])
    expect(told(['call.incoming', call()], ['call.linked', call({ incident: 'I-1' })]).calls).toEqual({})
  })
  it('does not come back when somebody else has looked at it', () => {
    expect(told(['call.opened', call({ opened_by: 'desk2' })]).calls).toEqual({})
  })
})

describe('the watch', () => {
  it('is asked about in the last five minutes', () => {
    const now = Date.parse('2026-11-22T02:00:00.000Z')
    expect(asksNow('2026-11-22T02:05:00.000Z', now)).toBe(true)
    expect(asksNow('2026-11-22T02:05:01.000Z', now)).toBe(false)
  })
  it('has everything read again after a letter', () => {
    expect(reduceDesk(EMPTY_DESK, { kind: 'events', events: [ev(4, 'duty.ask', {})] }).watch).toEqual({ id: 'id-4', type: 'duty.ask' })
  })
})

describe('what somebody says on the telephone', () => {
  const offer = (state: string) => ({ state }) as OfferLine
  const mine = (more: Partial<AssignmentLine>) => ({ ended_at: null, departed_at: null, arrived_at: null, with_elder_at: null, ...more }) as AssignmentLine
  it('is an answer while the offer lives', () => {
    expect(actsOf(offer('rang'), null)).toEqual(['accept', 'decline'])
    expect(actsOf(offer('expired'), null)).toEqual([])
  })
  it('is the next step of one who goes', () => {
    expect(actsOf(null, mine({}))[0]).toBe('depart')
    expect(actsOf(null, mine({ departed_at: 'x', arrived_at: 'x' }))).toContain('no_access')
    expect(actsOf(null, mine({ with_elder_at: 'x' }))[0]).toBe('complete')
  })
})

describe('a roll-call', () => {
  it('wants to know where and with whom', () => {
    expect(wantsOf('transferred')).toEqual({ place: true, with: true, note: false })
    expect(complete({ elders: ['E'], state: 'sheltered', place: ' ' })).toBe(false)
    expect(complete({ elders: ['E'], state: 'sheltered', place: '中学' })).toBe(true)
  })
  it('takes a call in vain, and nothing at all not', () => {
    expect(complete({ elders: ['E'], call: 'no_answer' })).toBe(true)
    expect(complete({ elders: ['E'] })).toBe(false)
  })
})

describe('an order', () => {
  it('is called back once it was served, and let alone once begun', () => {
    expect(possible('fulfilled', true)).toEqual(['callback', 'dispute', 'correct'])
    expect(possible('disputed', true)).toEqual(['settle', 'correct'])
    expect(possible('dispatched', true)).toEqual([])
    expect(possible('scheduled', false)).toContain('name')
  })
  it('is known by its job, and shown coming before leaving', () => {
    expect(orderOf({ kind: 'order', incident: 'O-2026-000012-2' })).toBe('O-2026-000012')
    expect(orderOf({ kind: 'sos', incident: 'I-2026-000012' })).toBeNull()
    expect(phaseOf({ mine: { with_elder_at: null } } as JobView)).toBe('arrive')
    expect(phaseOf({ mine: { with_elder_at: 'x' } } as JobView)).toBe('leave')
  })
  it('writes days, money and lists as people do', () => {
    expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01')
    expect(yuan(905)).toBe('9.05')
    expect(listed('R-1，R-2 R-1')).toEqual(['R-1', 'R-2'])
    expect(localInput(new Date(2026, 10, 2, 3, 4).getTime())).toBe('2026-11-02T03:04')
  })
})
