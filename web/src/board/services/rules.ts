import type { PriceLine, ServiceLine } from '../../generated/http'
import type { Speak } from '../../kernel/i18n'

export const nameOf = (service: ServiceLine, speak: Speak): string => (speak.lang === 'en' && service.name_en ? service.name_en : service.name)

export const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
export type Day = (typeof DAYS)[number]

/** A rule that comes on these days of the week, in their order; on all seven it is daily. */
export const ruleOf = (days: readonly Day[]): string =>
  days.length === DAYS.length ? 'FREQ=DAILY' : `FREQ=WEEKLY;BYDAY=${DAYS.filter((one) => days.includes(one)).join(',')}`

/** A rule in words; one of a kind that nobody made here is shown as it stands. */
export function ruleInWords(rule: string, speak: Speak): string {
  const given = new Map(rule.split(';').map((part) => part.split('=') as [string, string]))
  const n = Number(given.get('INTERVAL') ?? '1')
  const between = speak.lang === 'en' ? ', ' : '、'
  const days = (given.get('BYDAY') ?? '').split(',').filter(Boolean).map((one) => speak.word('byday', one)).join(between)
  const known = [...given.keys()].every((one) => ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY'].includes(one))
  if (known && given.get('FREQ') === 'DAILY' && !days) return n === 1 ? speak('services/daily') : speak('services/everyDays', { n })
  if (known && given.get('FREQ') === 'WEEKLY' && days) return n === 1 ? speak('services/weekly', { days }) : speak('services/everyWeeks', { n, days })
  if (known && given.get('FREQ') === 'MONTHLY' && n === 1 && given.has('BYMONTHDAY')) return speak('services/monthly', { days: given.get('BYMONTHDAY') })
  return rule
}

/** Minutes since midnight as a time field writes them, and back. */
export const clockOf = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
export const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** What holds on a day, and what is laid down for later. */
export const pricesFrom = (prices: readonly PriceLine[], day: string): PriceLine[] =>
  prices.filter(({ until }) => until === null || until > day).sort((a, b) => a.since.localeCompare(b.since))

/** Percent as somebody types them, in permille; null when that is no share. */
export function permilleOf(percent: string): number | null {
  return /^\d{1,3}(\.\d)?$/.test(percent.trim()) && Number(percent) <= 100 ? Math.round(Number(percent) * 10) : null
}
