import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { request } from './api'

interface Page<T> {
  items: readonly T[]
  next: string | null
}

/** A list that somebody has opened further than this stays as it is: it is asked for whole each time. */
const FRESH_PAGES = 3

/** Values by name; a name with several stands several times. */
export type Query = Readonly<Record<string, string | readonly string[]>>

export function queryOf(given: Query): string {
  const set = Object.entries(given).flatMap(([name, value]) => [value].flat().map((one) => [name, one as string])).filter(([, value]) => value !== '')
  return set.length > 0 ? `?${new URLSearchParams(set).toString()}` : ''
}

/** Pages of a list under `root`, read again every `every` ms, so that what is shown is what is. */
export function usePagesOf<T>(root: string, path: string, given: Query, every: number) {
  const pages = useInfiniteQuery({
    queryKey: [root, path, given],
    queryFn: ({ pageParam, signal }) => request<Page<T>>(`${path}${queryOf({ ...given, cursor: pageParam })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > FRESH_PAGES ? false : every),
  })
  return { ...pages, items: pages.data?.pages.flatMap(({ items }) => items) ?? [] }
}
