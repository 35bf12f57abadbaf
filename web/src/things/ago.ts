import type { Speak } from '../kernel/i18n'

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** 3 分钟前; seconds are not counted, since the line is read at a glance. */
export function ago(iso: string, speak: Speak, now: number): string {
  const seconds = Math.round((now - Date.parse(iso)) / 1000)
  const words = new Intl.RelativeTimeFormat(speak.lang, { numeric: 'auto', style: 'short' })
  for (const [unit, size] of UNITS) if (Math.abs(seconds) >= size) return spaced(words.format(-Math.trunc(seconds / size), unit))
  return speak('things/justNow')
}

/** Figures stand apart from Chinese, as everywhere on the screens. */
const spaced = (text: string): string => text.replace(/(\d)(?=[\u4e00-\u9fff])/g, '$1 ')

/** Date and minute, for what is not of today. */
export function dayTime(iso: string, lang: string, now: number): string {
  const at = new Date(iso)
  const year = at.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const)
  return new Intl.DateTimeFormat(lang, { ...year, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}
