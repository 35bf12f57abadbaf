import { describe, expect, it } from 'vitest'
import { givenOf, hashOf, kept, readAddress } from '../src/board/reports/address'
import { dayEnds, lastDay, lastDays, monthBefore, monthDays, percent } from '../src/board/reports/figures'
import { lengthOf, reachedAt } from '../src/board/reports/playing'
import type { IncidentReplay, ReplayStep } from '../src/generated/http'
import { ApiError } from '../src/kernel/api'
import { speakIn, startLanguage } from '../src/kernel/i18n'
import { queryOf } from '../src/kernel/pages'
import { markAt } from '../src/map/Retold'
import { fill, manned, time, zh } from '../src/wall/words'

describe('address of a supervisor', () => {
  const address = { page: 'times', item: null, given: { division: '360733', stage: 'arrived', model: 'a&b=c' } } as const
  it('says the same when it is read again', () => expect(readAddress(hashOf(address))).toEqual(address))
  it('keeps a thing with a slash apart from its filters', () => {
    const about = { page: 'replay', item: 'I-2026/7?x', given: { division: '3607' } } as const
    expect(readAddress(hashOf(about))).toEqual(about)
  })
  it('opens the overview where it says nothing sensible', () => {
    expect([readAddress(''), readAddress('#nonsense/%E0%A4%A'), readAddress('#')].map(({ page }) => page)).toEqual(['overview', 'overview', 'overview'])
  })
  it('takes division and period along and nothing else', () => expect(kept({ division: '36', from: 'a', to: 'b', kind: 'sos' })).toEqual({ division: '36', from: 'a', to: 'b' }))
  it('keeps every value of a filter that has several', () => {
    const given = givenOf('/api/v1/reports/incidents?by=division&value=3607&value=3608')
    expect(queryOf({ value: given['value']!.split('\n') })).toBe('?value=3607&value=3608')
  })
})

describe('periods are days of China', () => {
  it('ends when the day is over there', () => expect(new Date(dayEnds('2026-11-30')).toISOString()).toBe('2026-11-30T16:00:00.000Z'))
  it('names the last day that is inside', () => expect([lastDay('2026-11-30T16:00:00Z'), lastDay('2026-11-30T16:00:01Z')]).toEqual(['2026-11-30', '2026-12-01']))
  it('counts today as one of the days', () => expect(lastDays(7, Date.parse('2026-11-23T17:00:00Z'))).toEqual({ from: '2026-11-18', to: '2026-11-24' }))
  it('knows how long a month is', () => expect([monthDays('2028-02'), monthBefore('2027-01-03')]).toEqual([{ from: '2028-02-01', to: '2028-02-29' }, '2026-12']))
})

describe('figures', () => {
  it('are whole where they are whole', () => expect([0.5, 0.9867, null].map(percent)).toEqual(['50%', '98.7%', '—']))
  it('are said on the wall as a person would', () => expect([null, 38, 120, 125, 7500].map((s) => time(s, zh))).toEqual(['—', '38 秒', '2 分', '2 分 5 秒', '2 小时 5 分']))
  it('say who answers where nobody ever had a seat', () => {
    const duty = { busy: 0, ready: 0, responders: 0, silent: 0 }
    expect([{ seats: 0, uncovered: 0 }, { seats: 0, uncovered: 1 }, { seats: 2, uncovered: 0 }].map((one) => manned({ ...duty, ...one }, zh))).toEqual(['由上级值守', '1 处无人值守', '0 处无人值守'])
  })
  it('fill every hole', () => expect(fill(zh.rest, { n: 3, open: 2, late: 1 })).not.toMatch(/[{}]/))
})

const step = (s: number): ReplayStep => ({ s, at: '', tag: 'x', stage: null, who: null, sound: null, params: {}, lat: null, lon: null })
const told = (about: Partial<IncidentReplay>): IncidentReplay => ({ pressed_at: '2026-11-23T00:00:00Z', ended_at: null, steps: [], tracks: [], ...about }) as unknown as IncidentReplay

describe('an incident told again', () => {
  it('has reached what is at or before the moment', () => expect([-1, 0, 5, 9].map((s) => reachedAt([step(0), step(5), step(9)], s))).toEqual([0, 1, 2, 3]))
  it('is as long as its last step, way or end', () => {
    expect(lengthOf(told({ steps: [step(4)] }))).toBe(4)
    expect(lengthOf(told({ steps: [step(4)], ended_at: '2026-11-23T00:01:00Z' }))).toBe(60)
  })
  it('shows nobody before anybody knew where she was, then the last known place and the way there', () => {
    const track = { responder: 'R', name_masked: '李*', kind: 'nurse', points: [{ s: 10, lat: 1, lon: 2 }, { s: 20, lat: 3, lon: 4 }, { s: 30, lat: 5, lon: 6 }] }
    expect(markAt(track, '2026-11-23T00:00:00Z', 9)).toBeNull()
    expect(markAt(track, '2026-11-23T00:00:00Z', 29)).toMatchObject({ at: [4, 3], seenAt: '2026-11-23T00:00:20.000Z', track: [[2, 1], [4, 3]] })
  })
})

describe('number of a failure', () => {
  const problem = { type: '', title: '', status: 500, code: 'fault', field: null, params: {} }
  it('is said with the words, and only where there is one', async () => {
    Object.defineProperty(globalThis, 'navigator', { value: { languages: ['zh-CN'] }, configurable: true })
    Object.defineProperty(globalThis, 'document', { value: { documentElement: {} }, configurable: true })
    await startLanguage()
    const speak = speakIn('zh-CN')
    expect(speak.problem(new ApiError(500, { ...problem, instance: 'urn:uuid:3f2a91c4-0000-4000-8000-000000000000' }))).toContain('（编号 3F2A91C4）')
    expect(speak.problem(new ApiError(500, { ...problem, instance: null }))).not.toContain('编号')
  })
})
