import { beforeAll, describe, expect, it, vi } from 'vitest'
import { readSpot, spotHash } from '../src/devices/place'
import type { DiscoveredLine, UnplacedLine } from '../src/generated/http'
import { readSpot as readStep } from '../src/install/spot'
import { speakIn, startLanguage } from '../src/kernel/i18n'
import { thingsEn } from '../src/kernel/i18n/things.en'
import { thingsZh } from '../src/kernel/i18n/things.zh'
import { ApiError } from '../src/kernel/api'
import { ago } from '../src/things/ago'
import { readLabel } from '../src/things/label'
import { asRead, candidates, firstMeaning, freshEnough, guess, kindOf, suggestedId } from '../src/things/proposal'
import { openWindow, pace, standing } from '../src/things/state'

const AT = '2026-11-22T02:00:00.000Z'
const NOW = Date.parse(AT)

const press = (topic: string, more: Partial<UnplacedLine> = {}): UnplacedLine => ({
  quarantine: `q ${topic}`, topic, reason: 'unbound', county: '360733', copies: 1, first_at: AT, last_at: AT, ...more,
})
const told = (address: string, more: Partial<DiscoveredLine> = {}): DiscoveredLine => ({
  address, adapter: 'zigbee2mqtt', hub: 'HUB-1', county: '360733', name: null, maker: 'TuYa', model: 'TS0215A', words: ['emergency', 'disarm'],
  first_at: AT, last_at: AT, ...more,
})

describe('what waits to be bound', () => {
  it('is one line a thing, however it spoke', () => {
    const found = candidates([press('zigbee2mqtt/sos_hall'), press('zigbee2mqtt/sos_hall/action')], [told('zigbee2mqtt/sos_hall')])
    expect(found.map(({ address, hub, about }) => [address, hub, about])).toEqual([['zigbee2mqtt/sos_hall', 'HUB-1', 'TuYa TS0215A']])
  })
  it('puts those just pressed first, the newest on top', () => {
    const early = press('zigbee2mqtt/a', { last_at: '2026-11-22T01:00:00.000Z' })
    const found = candidates([early, press('zigbee2mqtt/b')], [told('zigbee2mqtt/c')])
    expect(found.map(({ name }) => name)).toEqual(['b', 'a', 'c'])
  })
  it('leaves out what is no press of an unbound thing', () =>
    expect(candidates([press('yl/v1/360733/B-1/up/alarm', { reason: 'bad_signature' })], [])).toEqual([]))
  it('guesses what nobody told', () => {
    expect(guess('zigbee2mqtt/卧室/action')).toEqual({ adapter: 'zigbee2mqtt', address: 'zigbee2mqtt/卧室' })
    expect(guess('shellies/button-1/input_event/0')).toEqual({ adapter: 'shelly', address: 'shellies/button-1' })
  })
  it('believes the adapter of the server more than its own guess', () => {
    const [one] = candidates([press('x/y/z')], [])
    const reading = { adapter: 'generic', happenings: [{ addresses: ['x/y'], word: 'panic' }] }
    expect(asRead(one!, reading)).toMatchObject({ adapter: 'generic', address: 'x/y', pressed: ['panic'], words: ['panic'] })
    expect(asRead(one!, undefined)).toMatchObject({ address: 'x/y', pressed: [] })
  })
})

describe('a binding as proposed', () => {
  it('takes what was pressed as a call for help, unless the word says otherwise', () => {
    expect(firstMeaning(['emergency', 'disarm'], ['emergency'])).toEqual([['emergency', 'sos']])
    expect(firstMeaning(['on_1'], ['on_1'])).toEqual([['on_1', 'sos']])
    expect(firstMeaning(['water_leak', 'tamper'], [])).toEqual([['water_leak', 'water'], ['tamper', 'tamper']])
    expect(firstMeaning([], [])).toEqual([['emergency', 'sos']])
  })
  it('tells a sensor from a button', () => {
    expect(kindOf(['smoke'])).toBe('sensor')
    expect(kindOf(['emergency', 'smoke'])).toBe('button')
    expect(kindOf([])).toBe('button')
  })
  it('names it with letters that a device id may have, and two things never alike', () => {
    const id = (name: string) => suggestedId({ adapter: 'zigbee2mqtt', name })
    expect(id('sos_hall')).toBe('Z-sos-hall')
    expect(id('卧室')).toMatch(/^Z-[A-Z0-9]+$/)
    expect(id('卧室')).not.toBe(id('客厅'))
  })
  it('rings a press only while it is young', () => {
    expect(freshEnough(press('a'), NOW + 29 * 60_000)).toBe(true)
    expect(freshEnough(press('a'), NOW + 31 * 60_000)).toBe(false)
    expect(freshEnough(null, NOW)).toBe(false)
  })
})

describe('a label', () => {
  it.each([
    ['yinling:B-00017/ABCD-1234', 'B-00017', 'ABCD-1234'],
    ['https://yl.example/install#B-00017/ABCD1234', 'B-00017', 'ABCD1234'],
    ['https://yl.example/install?id=B-00017&code=ABCD1234', 'B-00017', 'ABCD1234'],
    ['{"id":"B-00017","code":"ABCD1234"}', 'B-00017', 'ABCD1234'],
    ['B-00017 ABCD1234', 'B-00017', 'ABCD1234'],
    ['B-00017', 'B-00017', ''],
  ])('%s', (text, id, code) => expect(readLabel(text)).toEqual({ id, code }))
  it.each(['', '{"wifi":1}', 'https://elsewhere.example/', '{broken', '，'])('is not: %s', (text) => expect(readLabel(text)).toBeNull())
})

describe('how a device is', () => {
  const line = { online: true, seen_at: AT, revoked_at: null }
  it('is told by what was heard of it', () => {
    expect(standing(line)).toBe('online')
    expect(standing({ ...line, online: false })).toBe('offline')
    expect(standing({ ...line, online: null, seen_at: null })).toBe('never')
    expect(standing({ ...line, revoked_at: AT })).toBe('revoked')
  })
  it('is asked every second while a test is open', () => {
    const windows = [{ opened_at: AT, until_at: '2026-11-22T02:10:00.000Z', opened_by: 'desk1', presses: 1 }]
    expect(openWindow(windows, NOW + 60_000)).toBe(windows[0])
    expect(openWindow(windows, NOW + 600_000)).toBeNull()
    expect(openWindow([{ ...windows[0]!, until_at: '2026-11-22T02:01:00.000Z' }], NOW + 30_000)).toBeNull()
    expect(pace({ windows } as never, NOW)).toBeLessThanOrEqual(1_000)
    expect(pace({ windows: [] } as never, NOW)).toBeGreaterThan(1_000)
  })
})

describe('the address of the page', () => {
  it('says where one is, and takes anything', () => {
    const spot = { section: 'unbound', item: 'zigbee2mqtt/卧室 1' } as const
    expect(readSpot(spotHash(spot))).toEqual(spot)
    expect(readSpot('#nowhere/x')).toEqual({ section: 'list', item: 'x' })
    expect(readSpot('')).toEqual({ section: 'list', item: null })
  })
  it('lets an installer go on after a reload', () => {
    expect(readStep('#B-1/test')).toEqual({ id: 'B-1', step: 'test' })
    expect(readStep('#B-1/find')).toEqual({ id: 'B-1', step: 'find' })
    expect(readStep('#')).toEqual({ id: '', step: 'find' })
  })
})

describe('words of things', () => {
  const refused = (code: string, params: Record<string, unknown>, field: string | null = null, status = 422) =>
    new ApiError(status, { type: 'about:blank', title: '', status, code, field, params })
  beforeAll(async () => {
    vi.stubGlobal('document', { documentElement: {} })
    await startLanguage({ 'zh-CN': thingsZh, en: thingsEn })
  })
  it('name the field, and wait in minutes', () => {
    const zh = speakIn('zh-CN')
    expect(zh.problem(refused('invalid_field', {}, 'division'))).toBe('“行政区划代码”填得不对。')
    expect(zh.problem(refused('too_many_tries', { retry_after_s: 1500 }, null, 429))).toBe('试得太多了，请过 25 分钟再试。')
    expect(zh('common/cancel')).toBe('取消')
    expect(zh.word('problem', 'network')).toContain('网络')
  })
  it('say how long ago, figures apart from Chinese', () => {
    expect(ago(AT, speakIn('zh-CN'), NOW + 3 * 60_000)).toBe('3 分钟前')
    expect(ago(AT, speakIn('zh-CN'), NOW + 5_000)).toBe('刚才')
    expect(ago(AT, speakIn('en'), NOW + 5_000)).toBe('just now')
  })
})
