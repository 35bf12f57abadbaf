import type { ServiceLine } from '../generated/http'

/** What it will cost that day, split as the server splits it; the smallest division round her counts. */
export function priceOn(service: ServiceLine | undefined, day: string): { total: number; subsidy: number; own: number; absent: number } | null {
  const held = (service?.prices ?? []).filter((one) => one.since <= day && (one.until === null || one.until === undefined || day < one.until))
  const one = held.toSorted((a, b) => b.division.length - a.division.length)[0]
  if (!one) return null
  const own = share(one.cents, 1000 - one.subsidy_permille)
  return { total: one.cents, subsidy: one.cents - own, own, absent: share(own, one.absent_permille) }
}

const share = (cents: number, permille: number): number => Math.floor((cents * permille) / 1000)
