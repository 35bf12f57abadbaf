import { describe, expect, it } from 'vitest'
import { presentOf, staysAt } from '../src/board/registry/present'
import type { ElderState } from '../src/generated/http'

const at = (hour: number): string => new Date(Date.UTC(2026, 10, 22, hour)).toISOString()
const NOON = Date.parse(at(12))
const HER: ElderState = {
  elder: 'E1', status: 'hospital', status_from: at(10), status_until: at(14), status_source: '女儿来电', temp_address: '女儿家', temp_lat: 25.7, temp_lon: 115.8, temp_until: at(14), plan_until: null, break_in: false, dementia: false,
}

describe('how she is at an instant', () => {
  it('is what was said for now, with its end and who said so', () => {
    expect(presentOf(HER, NOON)).toEqual({ status: 'hospital', since: at(10), until: at(14), source: '女儿来电', coming: false })
  })
  it('is at home before it begins, and since it is over', () => {
    expect(presentOf(HER, NOON - 3 * 3_600_000)).toMatchObject({ status: 'home', coming: true })
    expect(presentOf(HER, NOON + 2 * 3_600_000)).toMatchObject({ status: 'home', since: at(14), source: null, coming: false })
  })
  it('has her stay elsewhere until that is over', () => {
    expect(staysAt(HER, NOON)).toBe('女儿家')
    expect(staysAt(HER, NOON + 2 * 3_600_000)).toBeNull()
    expect(staysAt({ ...HER, temp_until: null }, NOON + 24 * 3_600_000)).toBe('女儿家')
  })
})
