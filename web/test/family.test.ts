import { describe, expect, it } from 'vitest'
import type { FamilyCallView, PriceLine, ServiceLine } from '../src/generated/http'
import { money } from '../src/elder/family/api'
import { sentence } from '../src/elder/family/Calls'
import { words } from '../src/elder/family/words'
import { en } from '../src/elder/family/words.en'
import { zh } from '../src/elder/family/words.zh'
import { priceOn } from '../src/elder/prices'

const price = (more: Partial<PriceLine>): PriceLine => ({
  price: 'p', division: '36', since: '2026-01-01', until: null, cents: 1500, subsidy_permille: 600, absent_permille: 500, ...more,
})
const service = (...prices: PriceLine[]): ServiceLine => ({ code: 'meal', prices }) as unknown as ServiceLine

describe('what an order costs', () => {
  it('adds up to the fen, what cannot be halved is the public’s', () => {
    expect(priceOn(service(price({ cents: 1333, subsidy_permille: 333 })), '2026-11-23')).toEqual({ total: 1333, subsidy: 444, own: 889, absent: 444 })
  })
  it('is the price of that day, of the smallest division', () => {
    const all = service(price({}), price({ division: '360733', cents: 900, since: '2026-12-01' }))
    expect(priceOn(all, '2026-11-30')?.total).toBe(1500)
    expect(priceOn(all, '2026-12-01')?.total).toBe(900)
    expect(priceOn(service(price({ until: '2026-11-23' })), '2026-11-23')).toBeNull()
  })
  it('is written as money', () => {
    expect(money(3000, 'zh-CN')).toContain('30')
    expect(money(889, 'en')).toContain('8.89')
  })
})

describe('who comes, in one sentence', () => {
  const helper = (name: string, state: string) => ({ name, state, kind: 'nurse', due_at: new Date(Date.now() + 26 * 60_000).toISOString() })
  const call = (...helpers: object[]) => ({ line: { state: 'with_elder' }, helpers }) as unknown as FamilyCallView
  it('names whoever is with her, though somebody asked first is still on the way', () => {
    const behind = helper('李', 'en_route')
    expect(sentence(call(behind, helper('王', 'in_service')), words('zh-CN'))).toBe(words('zh-CN')('isWith', { who: '护士 王' }))
    expect(sentence(call(helper('王', 'arrived'), behind), words('en'))).toContain('王')
    expect(sentence(call(behind), words('en'))).toContain('26')
  })
})

describe('the family’s words', () => {
  it('are there in both languages, with the same blanks', () => {
    const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    for (const [name, text] of Object.entries(zh)) expect([name, ...blanks(text)]).toEqual([name, ...blanks(en[name as keyof typeof zh])])
  })
  it('say a code, and show one without words as it came', () => {
    expect(words('zh-CN').code('relation', 'daughter')).toBe('女儿')
    expect(words('en').code('relation', 'aunt')).toBe('aunt')
    expect(words('en')('comesIn', { who: 'Wang', n: 3 })).toBe('Wang is on the way, about 3 min')
  })
})
