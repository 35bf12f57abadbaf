import { useCallback, useEffect, useState } from 'react'
import type { Comer, Comers, ElderDay, ElderHome, Hotline, Paired } from '../generated/http'
import { ApiError, request } from '../kernel/api'
import { keep, kept } from './kept'

export interface Asked<T> {
  data: T | null
  /** `unpaired`: the telephone's session is over. What is shown is then what was known before. */
  state: 'loading' | 'good' | 'failed' | 'unpaired'
  again: () => void
}

/** What the server says, and until it does what it said the last time: her family's numbers work without network. */
export function useAsked<T>(path: string): Asked<T> {
  const [data, setData] = useState<T | null>(() => kept<T>(`yinling.elder${path}`))
  const [state, setState] = useState<Asked<T>['state']>('loading')
  const ask = useCallback(async () => {
    setState('loading')
    try {
      const found = await request<T>(path)
      keep(`yinling.elder${path}`, found)
      setData(found)
      setState('good')
    } catch (error) {
      setState(error instanceof ApiError && (error.status === 401 || error.status === 403) ? 'unpaired' : 'failed')
    }
  }, [path])
  useEffect(() => void ask(), [ask])
  return { data, state, again: () => void ask() }
}

export const useHome = (): Asked<ElderHome> => useAsked<ElderHome>('/elder/home')
export const useDay = (): Asked<ElderDay> => useAsked<ElderDay>('/elder/day')
export const useHotline = (): Asked<Hotline> => useAsked<Hotline>('/elder/hotline')

/** Whom to let in, asked anew whenever `news` changes and is not empty; nobody where it cannot be told. */
export function useComers(news: string): readonly Comer[] {
  const [items, setItems] = useState<readonly Comer[]>([])
  useEffect(() => {
    if (news === '') return undefined
    let latest = true
    request<Comers>('/elder/comers').then((found) => latest && setItems(found.items), () => undefined)
    return () => {
      latest = false
    }
  }, [news])
  return items
}

/** A number that no line breaks. */
export const unbroken = (phone: string): string => phone.replaceAll('-', '\u2011')

export const KNOWN = ['yinling.elder/elder/home', 'yinling.elder/elder/day'] as const

export const pair = (code: string): Promise<Paired> => request<Paired>('/elder/pairing', { method: 'POST', body: { code } })
