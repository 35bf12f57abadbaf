import { usePreferences } from '../../kernel/preferences'
import { chosenLang, type Lang } from '../words'
import { en } from './words.en'
import { type Word, zh } from './words.zh'

export interface Say {
  (word: Word, params?: Readonly<Record<string, string | number>>): string
  /** A code from the server in words; one without words is shown as it came. */
  code(group: string, code: string | null | undefined): string
}

export function words(lang: Lang): Say {
  const table: Readonly<Record<string, string>> = lang === 'en' ? en : zh
  const say = (word: Word, params: Readonly<Record<string, string | number>> = {}) =>
    (table[word] ?? word).replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
  return Object.assign(say, { code: (group: string, code: string | null | undefined) => (code ? (table[`${group}_${code}`] ?? code) : '') })
}

const known: Readonly<Record<Lang, Say>> = { 'zh-CN': words('zh-CN'), en: words('en') }

export function useSay(): { say: Say; lang: Lang } {
  const lang = chosenLang(usePreferences().lang)
  return { say: known[lang], lang }
}
