import i18next from 'i18next'
import { useSyncExternalStore } from 'react'
import { ApiError, NetworkError } from '../api'
import { preferences } from '../preferences'
import type { accountZh } from './account.zh'
import type { authorityZh } from './authority.zh'
import type { dayZh } from './day.zh'
import type { deskZh } from './desk.zh'
import type { dispatchZh } from './dispatch.zh'
import type { doubtsZh } from './doubts.zh'
import type { evidenceZh } from './evidence.zh'
import type { familyZh } from './family.zh'
import type { fieldZh } from './field.zh'
import type { loadZh } from './load.zh'
import type { mapZh } from './map.zh'
import type { registryZh } from './registry.zh'
import type { reportsZh } from './reports.zh'
import type { servicesZh } from './services.zh'
import type { thingsZh } from './things.zh'
import { zh } from './zh'

export type Lang = 'zh-CN' | 'en'
export const LANGS: readonly Lang[] = ['zh-CN', 'en']

export const firstLanguage = (wanted: readonly string[]): Lang =>
  wanted.find((one) => /^(zh|en)\b/i.test(one))?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'

/** Words that only some screens need, beside those of all; their groups may add to groups that are there. */
export type MoreWords = Readonly<Record<Lang, object>>

export async function startLanguage(more?: MoreWords): Promise<void> {
  const wanted = preferences().lang ?? firstLanguage(navigator.languages ?? [])
  await i18next.init({
    lng: 'zh-CN',
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zh } },
    interpolation: { escapeValue: false },
    // Tags and codes hold dots and are keys of their own, so a path is divided by a slash.
    keySeparator: '/',
    nsSeparator: false,
    returnNull: false,
  })
  if (more) addWords(more)
  mark(i18next.language)
  i18next.on('languageChanged', mark)
  // a page that can't fetch the other language speaks Chinese
  await speakLanguage(wanted).catch(() => undefined)
}

/** Changes the language, once its words are there. */
export async function speakLanguage(lang: Lang): Promise<void> {
  if (lang === 'en') addTo('en', (await import('./en')).en)
  if (lang !== i18next.language) await i18next.changeLanguage(lang)
}

/** Also for what is loaded later than its page. */
export function addWords(more: MoreWords): void {
  for (const lang of LANGS) addTo(lang, more[lang])
}

function addTo(lang: Lang, words: object): void {
  i18next.addResourceBundle(lang, 'translation', words, true)
  said.clear()
}

function mark(lang: string): void {
  document.documentElement.lang = lang
}

type Params = Record<string, unknown>

type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}/${Paths<T[K]>}`
}[keyof T & string]
type Dictionary = typeof accountZh & typeof authorityZh & typeof dayZh & typeof deskZh & typeof zh & typeof thingsZh & typeof dispatchZh & typeof doubtsZh & typeof evidenceZh & typeof familyZh & typeof fieldZh & typeof mapZh & typeof loadZh & typeof registryZh & typeof reportsZh & typeof servicesZh
export type Key = Paths<Dictionary>

export interface Speak {
  (key: Key, params?: Params): string
  /** A code from the server in words; an unknown one is shown as it came. */
  word(group: keyof Dictionary, code: string | number | null | undefined, params?: Params): string
  has(key: string): boolean
  problem(error: unknown): string
  lang: Lang
}

function subscribe(listener: () => void): () => void {
  i18next.on('languageChanged', listener)
  return () => i18next.off('languageChanged', listener)
}

const current = (): Speak => speakIn(i18next.language as Lang)
export const useSpeak = (): Speak => useSyncExternalStore(subscribe, current)

/** What has been said stays the same until words are added: five hundred rows say the same few again and again. */
const said = new Map<string, string>()

function again(key: string, say: () => string): string {
  const words = said.get(key) ?? say()
  said.set(key, words)
  return words
}

const known = new Map<Lang, Speak>()

export function speakIn(lang: Lang): Speak {
  const existing = known.get(lang)
  if (existing) return existing
  const say = i18next.getFixedT(lang) as unknown as (key: string, params?: Params) => string
  const has = (key: string) => i18next.exists(key, { lng: lang })
  const coded = (path: string, code: string, params?: Params) => (has(path) ? say(path, params) : code)
  const word: Speak['word'] = (group, code, params) => {
    if (code === null || code === undefined || code === '') return ''
    const path = `${group}/${code}`
    return params ? coded(path, String(code), params) : again(`${lang} word ${path}`, () => coded(path, String(code)))
  }
  const problem = (error: unknown) => problemWords(error, say, has)
  const words = (key: Key, params?: Params) => (params ? say(key, params) : again(`${lang} ${key}`, () => say(key)))
  const speak = Object.assign(words, { word, has, problem, lang })
  known.set(lang, speak)
  return speak
}

const NUMBER = /^urn:uuid:(\w{8})/

function problemWords(
  error: unknown,
  say: (key: string, params?: Params) => string,
  has: (key: string) => boolean,
): string {
  if (error instanceof NetworkError) return say('problem/network')
  if (!(error instanceof ApiError)) return say('problem/other', { code: String(error) })
  const [, number] = NUMBER.exec(error.problem.instance ?? '') ?? []
  const words = refusalWords(error, say, has)
  return number ? say('problem/numbered', { words, number: number.toUpperCase() }) : words
}

function refusalWords(error: ApiError, say: (key: string, params?: Params) => string, has: (key: string) => boolean): string {
  const { code, status } = error.problem
  const params = wordsOf(error, say, has)
  if (code === 'offer_taken' && !params['who']) return say('why/takenUnknown')
  if (has(`problem/${code}`)) return say(`problem/${code}`, params)
  if (has(`problem/http_${status}`)) return say(`problem/http_${status}`, params)
  return say('problem/other', { code })
}

/** What a refusal carries, with the field by its name on the screen and waiting in whole minutes. */
function wordsOf({ problem }: ApiError, say: (key: string) => string, has: (key: string) => boolean): Params {
  const field = problem.field ?? String(problem.params['field'] ?? '')
  const seconds = Number(problem.params['retry_after_s'] ?? 60)
  return { ...problem.params, field: has(`fieldName/${field}`) ? say(`fieldName/${field}`) : field, minutes: Math.max(1, Math.ceil(seconds / 60)) }
}
