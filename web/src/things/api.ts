import { useQuery } from '@tanstack/react-query'
import { newKey, request } from '../kernel/api'
import { useOrderOf } from '../kernel/order'
import { usePagesOf } from '../kernel/pages'
import { serverClock } from '../kernel/time'
import type { DenialLine, DeviceLine, DeviceView, DiscoveredLine, OutageLine, RawLine, Replay, RollCallLine, UnplacedLine } from '../generated/http'
import { pace } from './state'

export const pathOf = (device: string, rest = ''): string => `/devices/${encodeURIComponent(device)}${rest}`

const LIST_MS = 5_000
/** Somebody stands there and presses. */
const PRESS_MS = 2_000

const usePages = <T>(path: string, given: Record<string, string>, every: number) => usePagesOf<T>('things', path, given, every)

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

export const useOrder = () => useOrderOf('things')
export type { Order } from '../kernel/order'
