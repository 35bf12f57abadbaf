import { describe, expect, it } from 'vitest'
import { fenOf } from '../src/board/money'
import { clockOf, minuteOf, permilleOf, pricesFrom, ruleInWords, ruleOf } from '../src/board/services/rules'
import type { PriceLine } from '../src/generated/http'
import type { Speak } from '../src/kernel/i18n'

const speak = Object.assign((key: string, holes: object = {}) => [key, ...Object.values(holes)].join(' '), { lang: 'en', word: (_: string, code: string) => code }) as unknown as Speak

describe('a standing order', () => {
  it('comes on the days that were chosen, in the order of the week', () => {
    expect(ruleOf(['FR', 'MO'])).toBe('FREQ=WEEKLY;BYDAY=MO,FR')
    expect(ruleOf(['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'])).toBe('FREQ=DAILY')
  })
  it('is told in words, and as it stands where it has none', () => {
    expect(ruleInWords('FREQ=DAILY', speak)).toBe('services/daily')
    expect(ruleInWords('FREQ=DAILY;INTERVAL=2', speak)).toBe('services/everyDays 2')
    expect(ruleInWords('FREQ=WEEKLY;BYDAY=MO,FR', speak)).toBe('services/weekly MO, FR')
    expect(ruleInWords('FREQ=WEEKLY;INTERVAL=2;BYDAY=WE', speak)).toBe('services/everyWeeks 2 WE')
    expect(ruleInWords('FREQ=MONTHLY;BYMONTHDAY=1,15', speak)).toBe('services/monthly 1,15')
    for (const rule of ['FREQ=WEEKLY;BYDAY=MO;COUNT=4', 'FREQ=DAILY;BYDAY=MO', 'FREQ=WEEKLY']) expect(ruleInWords(rule, speak)).toBe(rule)
  })
  it('begins within a time of the day', () => {
    expect([clockOf(0), clockOf(545), clockOf(1439)]).toEqual(['00:00', '09:05', '23:59'])
    expect(['00:00', '09:05', '23:59'].map(minuteOf)).toEqual([0, 545, 1439])
  })
})

describe('a price', () => {
  const price = (since: string, until: string | null) => ({ since, until }) as PriceLine
  it('is what holds today, and what is laid down for later', () => {
    const all = [price('2027-01-01', null), price('2026-11-01', '2027-01-01'), price('2026-01-01', '2026-11-01')]
    expect(pricesFrom(all, '2026-11-23').map(({ since }) => since)).toEqual(['2026-11-01', '2027-01-01'])
    expect(pricesFrom(all, '2027-01-01').map(({ since }) => since)).toEqual(['2027-01-01'])
  })
  it('is typed in yuan and kept in fen', () => {
    expect(['12', '12.5', '0.07', ' 8.00 '].map(fenOf)).toEqual([1200, 1250, 7, 800])
    expect(['', '-1', '1.234', '一', '1e3'].map(fenOf)).toEqual([null, null, null, null, null])
  })
  it('has a share between none and all', () => {
    expect(['0', '60', '33.3', '100'].map(permilleOf)).toEqual([0, 600, 333, 1000])
    expect(['101', '-5', '', 'x'].map(permilleOf)).toEqual([null, null, null, null])
  })
})
