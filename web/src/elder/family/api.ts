import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, NetworkError, request } from '../../kernel/api'
import type { Say } from './words'

export interface Asked<T> {
  data: T | null
  /** `gone`: there is none, or the elder has taken her consent back. What is shown while `away` is from `at`. */
  state: 'loading' | 'good' | 'away' | 'gone'
  at: number
  again: () => void
}

/** What the server says, asked anew whenever `news` changes; only the latest answer counts. */
export function useAsked<T>(path: string, news: number): Asked<T> {
  const [found, setFound] = useState<{ path: string; data: T | null; at: number }>({ path, data: null, at: 0 })
  const [state, setState] = useState<Asked<T>['state']>('loading')
  const turn = useRef(0)
  const ask = useCallback(async () => {
    turn.current += 1
    const mine = turn.current
    try {
      const data = await request<T>(path)
      if (mine !== turn.current) return
      setFound({ path, data, at: Date.now() })
      setState('good')
    } catch (error) {
      if (mine !== turn.current) return
      const gone = error instanceof ApiError && [403, 404].includes(error.status)
      if (gone) setFound({ path, data: null, at: 0 })
      setState(gone ? 'gone' : 'away')
    }
  }, [path])
  useEffect(() => void ask(), [ask, news])
  useEffect(() => {
    if (state !== 'away') return undefined
    const timer = setTimeout(() => void ask(), 5_000)
    return () => clearTimeout(timer)
  }, [state, found, ask])
  return { data: found.path === path ? found.data : null, state, at: found.at, again: () => void ask() }
}

/** Why something was refused, in words. */
export function why(error: unknown, say: Say): string {
  if (error instanceof NetworkError) return say('away')
  if (!(error instanceof ApiError)) return say('fault', { code: String(error) })
  const { status, problem } = error
  if (status === 429) return say('tooSoon', { n: Number(problem.params['retry_after_s'] ?? 60) })
  if (problem.code === 'wrong_digits') return say('digitsWrong')
  if (problem.code === 'wrong_code') return say('codeWrong')
  if (problem.field === 'phone') return say('phoneWrong')
  if (problem.code === 'window_passed') return say('timePassed')
  if (status >= 502) return say('away')
  return say('fault', { code: problem.code })
}

export const money = (fen: number, lang: string): string =>
  new Intl.NumberFormat(lang, { style: 'currency', currency: 'CNY', minimumFractionDigits: fen % 100 === 0 ? 0 : 2 }).format(fen / 100)

export const path = (...parts: string[]): string => `/family/${parts.map(encodeURIComponent).join('/')}`
