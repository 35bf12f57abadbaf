import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { act, newKey, request } from '../kernel/api'
import { serverClock } from '../kernel/time'
import type { DenialLine, DeviceLine, DeviceView, DiscoveredLine, OutageLine, RawLine, Replay, RollCallLine, UnplacedLine } from '../generated/http'
import { pace } from './state'

interface Page<T> {
  items: T[]
  next: string | null
}

export const pathOf = (device: string, rest = ''): string => `/devices/${encodeURIComponent(device)}${rest}`

const query = (given: Record<string, string>): string => {
  const set = Object.entries(given).filter(([, value]) => value !== '')
  return set.length > 0 ? `?${new URLSearchParams(set).toString()}` : ''
}

const LIST_MS = 5_000
/** A list that somebody has opened further than this stays as it is: it is asked for whole each time. */
const FRESH_PAGES = 3
/** Somebody stands there and presses. */
const PRESS_MS = 2_000

/** Pages of a list, read again every `every` ms, so that what is shown is what is. */
function usePages<T>(path: string, given: Record<string, string>, every: number) {
  const pages = useInfiniteQuery({
    queryKey: ['things', path, given],
    queryFn: ({ pageParam, signal }) => request<Page<T>>(`${path}${query({ ...given, cursor: pageParam })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > FRESH_PAGES ? false : every),
  })
  return { ...pages, items: pages.data?.pages.flatMap(({ items }) => items) ?? [] }
}

export const useDevices = (filter: string, q: string) =>
  usePages<DeviceLine>('/devices', { filter: filter === 'all' ? '' : filter, q }, LIST_MS)

/** What was set aside; an installer sees what waits to be bound. */
export const useStrays = () => usePages<UnplacedLine>('/unplaced', {}, PRESS_MS)
export const useDiscovered = () => usePages<DiscoveredLine>('/discovered', {}, PRESS_MS)
export const useDenials = () => usePages<DenialLine>('/denials', {}, LIST_MS)
export const useOutages = () => usePages<OutageLine>('/outages', {}, LIST_MS)
export const useRaw = (device: string) => usePages<RawLine>(pathOf(device, '/raw'), {}, PRESS_MS)

export const useRollCall = (outage: string) => usePages<RollCallLine>(`/outages/${encodeURIComponent(outage)}/roll-call`, { limit: '200' }, LIST_MS)

/** What today's program makes of something set aside; it does not change, so it is asked once. */
export function useStrayReading(quarantine: string | undefined) {
  return useQuery({
    queryKey: ['reading', quarantine],
    queryFn: ({ signal }) => request<Replay>(`/unplaced/${quarantine}/replay`, { method: 'POST', body: {}, key: newKey(), signal }),
    enabled: quarantine !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // the sheet waits for it, and can be filled without
    retry: 1,
  })
}

export const fetchDevice = (device: string, signal?: AbortSignal) => request<DeviceView>(pathOf(device), signal ? { signal } : {})

export function useDevice(device: string) {
  return useQuery({
    queryKey: ['things', 'device', device],
    queryFn: ({ signal }) => fetchDevice(device, signal),
    refetchInterval: ({ state }) => pace(state.data, serverClock.now()),
  })
}

interface Sent {
  path: string
  body?: unknown
  method?: 'POST' | 'DELETE'
}

/** Sends one command at a time, says what the server had against it, and has everything read again. */
export function useOrder() {
  const queries = useQueryClient()
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const send = useCallback(
    async <T>({ path, body = {}, method = 'POST' }: Sent): Promise<T | null> => {
      setBusy(path)
      setProblem(null)
      try {
        return await act<T>(path, { method, key: newKey(), ...(method === 'POST' ? { body } : {}) })
      } catch (error) {
        setProblem(error)
        return null
      } finally {
        setBusy(null)
        void queries.invalidateQueries({ queryKey: ['things'] })
      }
    },
    [queries],
  )
  return { busy, problem, send, clear: () => setProblem(null) }
}

export type Order = ReturnType<typeof useOrder>
