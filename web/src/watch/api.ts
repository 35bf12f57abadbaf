import { useQuery } from '@tanstack/react-query'
import type { DutyBoard, IncidentRow, ModeView, PageOfIncidentRow } from '../generated/http'
import { request } from '../kernel/api'
import { useOrderOf } from '../kernel/order'

const ROOT = 'watch'
const EVERY_MS = 15_000

function useOne<T>(path: string) {
  return useQuery({ queryKey: [ROOT, path], queryFn: ({ signal }) => request<T>(path, { signal }), refetchInterval: EVERY_MS })
}

/** Who is on duty in scope and above it. */
export const useDuty = () => useOne<DutyBoard>('/seats')
export const useMode = (division: string) => useOne<ModeView>(`/modes/${division}`)

/** Incidents that this account has taken and that are not over. */
export function useHeld(account: string): IncidentRow[] {
  const { data } = useOne<PageOfIncidentRow>('/incidents?state=live&limit=200')
  return data?.items.filter(({ holder_account }) => holder_account === account) ?? []
}

export const useWatch = () => useOrderOf(ROOT)

/** How long before the half hour is over a seat is asked; ms. */
const ASK_MS = 5 * 60_000

/** Whether a seat that must be confirmed again by `until` should be asked at `now` (ms). */
export const asksNow = (until: string, now: number): boolean => Date.parse(until) - now <= ASK_MS
