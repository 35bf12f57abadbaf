import { afterEach, describe, expect, it, vi } from 'vitest'
import { sameCase } from '../src/desk/commands'
import { worthTelling } from '../src/field/position'
import { act, ApiError, NetworkError } from '../src/kernel/api'
import { Health } from '../src/kernel/health'
import { levelOf, PATTERNS, render } from '../src/kernel/ring/pattern'
import { chinaDay, clockTime, distance, elapsed, ServerClock, wholeMinutes } from '../src/kernel/time'
import { PALETTES, SIZES, type Palette } from '../src/kernel/tokens'

afterEach(() => vi.unstubAllGlobals())

describe('time and distance', () => {
  it('counts up', () => {
    expect([0, 7_000, 65_000, 3_661_000, -5].map(elapsed)).toEqual(['0:00', '0:07', '1:05', '1:01:01', '0:00'])
  })
  it('rounds as a person would say it', () => {
    expect([3, 644, 994, 996, 1_249].map(distance)).toEqual([
      { unit: 'm', n: 10 }, { unit: 'm', n: 640 }, { unit: 'm', n: 990 }, { unit: 'km', n: 1 }, { unit: 'km', n: 1.2 },
    ])
  })
  it('never promises too early', () => expect([0, 59, 61, 420].map(wholeMinutes)).toEqual([1, 1, 2, 7]))
  it('counts days as China does, wherever the reader sits', () => {
    expect(['2026-11-22T15:59:59Z', '2026-11-22T16:00:00Z'].map((at) => chinaDay(Date.parse(at)))).toEqual(['2026-11-22', '2026-11-23'])
  })
  it('shows the date only when it is another day', () => {
    const noon = new Date(2026, 10, 22, 12, 0, 5)
    expect(clockTime(noon.toISOString(), 'zh-CN', noon)).toBe('12:00:05')
    expect(clockTime(new Date(2026, 10, 21, 12, 0, 5).toISOString(), 'zh-CN', noon)).toContain('11')
    expect(clockTime('nonsense', 'en')).toBe('—')
  })
  it('knows the server time from the quickest of several frames', () => {
    const clock = new ServerClock()
    clock.sample(600_000, 0)
    clock.sample(600_500, 2_500)
    clock.sample(Number.NaN, 0)
    expect(clock.offset).toBe(600_000)
  })
})

describe('bell', () => {
  it('has a tone for each level, quicker the more urgent, within bounds', () => {
    const periods = ([1, 2, 3, 4] as const).map((level) => PATTERNS[level].period)
    expect(periods).toEqual([...periods].sort((a, b) => a - b))
    for (const level of [1, 2, 3, 4] as const) {
      const samples = render(PATTERNS[level], 8_000)
      expect(Math.max(...samples)).toBeGreaterThan(0.4)
      expect(Math.max(...samples.map(Math.abs))).toBeLessThan(1)
    }
  })
  it('puts any priority on a level', () => expect([0, 1, 2, 3, 9].map(levelOf)).toEqual([1, 1, 2, 3, 4]))
})

function server(...answers: (Error | { status: number; body?: unknown })[]) {
  const keys: string[] = []
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    keys.push((init.headers as Record<string, string>)['Idempotency-Key'] ?? '')
    const next = answers.shift()
    if (!next || next instanceof Error) return Promise.reject(next ?? new Error('no more'))
    return Promise.resolve(new Response(JSON.stringify(next.body ?? {}), { status: next.status }))
  })
  return keys
}

const patience = { sleep: () => Promise.resolve() }

describe('commands', () => {
  it('are tried again under the same key while nobody can answer', async () => {
    const keys = server(new Error('down'), { status: 503 }, { status: 200, body: { done: 1 } })
    const tries: number[] = []
    await expect(act('/x', {}, { ...patience, waiting: (n) => tries.push(n) })).resolves.toEqual({ done: 1 })
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toBeTruthy()
    expect(tries).toEqual([1, 2])
  })
  it('are not tried again when refused', async () => {
    const keys = server({ status: 409, body: { code: 'offer_taken', params: { who: '王护士' } } })
    const error: unknown = await act('/x', {}, patience).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(ApiError)
    expect((error as ApiError).problem).toMatchObject({ code: 'offer_taken', params: { who: '王护士' } })
    expect(keys).toHaveLength(1)
  })
  it('give up when the time is over', async () => {
    server(new Error('a'), new Error('b'), new Error('c'))
    await expect(act('/x', {}, { ...patience, now: () => 0, until: 1 })).rejects.toBeInstanceOf(NetworkError)
  })
  it('are repeated with a newer version only if the case is the same', () => {
    const row = { state: 'open', priority: 1, holder_account: null } as never
    expect(sameCase(row, { ...(row as object), ver: 9 } as never)).toBe(true)
    expect(sameCase(row, { ...(row as object), priority: 2 } as never)).toBe(false)
  })
})

describe('health', () => {
  it('names the parts that are away, and needs two misses to call the server away', async () => {
    const answers: (() => Promise<{ ok: boolean; parts: Record<string, boolean> }>)[] = [
      () => Promise.resolve({ ok: true, parts: { database: true, broker: true } }),
      () => Promise.resolve({ ok: false, parts: { database: true, broker: false } }),
      () => Promise.reject(new NetworkError('x')),
      () => Promise.reject(new NetworkError('x')),
    ]
    const health = new Health(() => (answers.shift() as () => Promise<{ ok: boolean; parts: Record<string, boolean> }>)())
    const seen: string[] = []
    vi.useFakeTimers()
    for (let k = 0; k < 4; k += 1) {
      await health.check()
      seen.push(health.read().join())
    }
    vi.useRealTimers()
    expect(seen).toEqual(['', 'broker', 'broker', 'gateway'])
  })
})

describe('position', () => {
  const here = { lat: 25.6, lon: 115.79, accuracy: 5 }
  it('is told rarely when idle and often on the way', () => {
    const near = { ...here, lat: 25.6003 }
    expect(worthTelling(null, 0, here, false)).toBe(true)
    expect(worthTelling({ at: 0, place: here }, 61_000, near, false)).toBe(false)
    expect(worthTelling({ at: 0, place: here }, 11_000, near, true)).toBe(true)
    expect(worthTelling({ at: 0, place: here }, 301_000, here, false)).toBe(true)
  })
  it('is told every ten seconds on a job, standing still too', () => {
    expect(worthTelling({ at: 0, place: here }, 10_000, here, true)).toBe(true)
    expect(worthTelling({ at: 0, place: here }, 9_000, here, true)).toBe(false)
  })
})

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16) / 255)
  const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

describe.each(Object.entries(PALETTES))('tokens by %s', (_, colour: Palette) => {
  const grounds = [colour.paper, colour.sheet, colour.sunk]
  it('write at 7:1', () => {
    const pairs: [string, string][] = [
      ...grounds.flatMap((ground): [string, string][] => [[colour.ink, ground], [colour.ink2, ground]]),
      [colour.onAct, colour.act],
      [colour.good, colour.goodSoft],
      ...Object.values(colour.levels).flatMap(({ fill, on, soft, text }): [string, string][] => [[on, fill], [text, soft], [text, colour.paper], [colour.ink, soft]]),
    ]
    for (const [front, back] of pairs) expect([front, back, contrast(front, back) >= 7]).toEqual([front, back, true])
  })
  it('draw edges at 3:1 and shapes at 4.5:1', () => {
    for (const ground of grounds) expect(contrast(colour.edge, ground)).toBeGreaterThanOrEqual(3)
    for (const { fill } of Object.values(colour.levels)) expect(contrast(fill, colour.paper)).toBeGreaterThanOrEqual(4.5)
  })
})

it('has the house sizes', () => {
  expect(SIZES.desk).toMatchObject({ control: 44, text: 16 })
  expect(SIZES.field).toMatchObject({ control: 48, primary: 64, gap: 12, text: 18 })
})
