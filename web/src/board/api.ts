import { useQuery } from '@tanstack/react-query'
import type { CallBackLine, ComplaintLine, EntryLine, EventLine, EventView, OrderLine, OrderView, PersonLine, ServiceLine } from '../generated/http'
import { request } from '../kernel/api'
import { useOrderOf } from '../kernel/order'
import { queryOf, usePagesOf } from '../kernel/pages'

export const ROOT = 'board'
const LIST_MS = 5_000

const usePages = <T>(path: string, given: Record<string, string> = {}) => usePagesOf<T>(ROOT, path, given, LIST_MS)

/** One thing, read again every `every` ms. */
export function useOne<T>(path: string | null, every = LIST_MS) {
  return useQuery({
    queryKey: [ROOT, path],
    queryFn: ({ signal }) => request<T>(path ?? '', { signal }),
    enabled: path !== null,
    refetchInterval: every,
  })
}

/** A command of this desk; afterwards everything is read again. */
export const useSend = () => useOrderOf(ROOT)

export const eventPath = (event: string, rest = ''): string => `/mass-events/${encodeURIComponent(event)}${rest}`

export const useEvents = () => usePages<EventLine>('/mass-events')
export const useEvent = (event: string) => useOne<EventView>(eventPath(event))
export const useRoll = (event: string, village: string, state: string) =>
  usePages<PersonLine>(eventPath(event, '/roll-call'), { village, state, limit: '100' })
export const useEntries = (event: string, elder: string) =>
  useOne<{ items: EntryLine[] }>(eventPath(event, `/people/${encodeURIComponent(elder)}`))

/** The list on paper, as the server sets it: a page a village. */
export const paperOf = (event: string, village: string, form: 'html' | 'csv'): string =>
  `/api/v1${eventPath(event, '/print')}${queryOf({ village, form })}`

export const orderPath = (order: string, rest = ''): string => `/orders/${encodeURIComponent(order)}${rest}`

export const useOrders = (day: string) => usePages<OrderLine>('/orders', { day, limit: '100' })
export const useOrder = (order: string) => useOne<OrderView>(orderPath(order))
export const useServices = () => useOne<{ items: ServiceLine[] }>('/services', 60_000)
export const useOrdersToCall = () => usePages<OrderLine>('/orders', { only: 'call_back', limit: '100' })
export const useRescuesToCall = () => usePages<CallBackLine>('/call-backs')
/** A supervisor's; nobody else is shown any. */
export const useComplaints = () => usePages<ComplaintLine>('/complaints')
