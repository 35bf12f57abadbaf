import type { AccessLine, Aid, Clocks, Colleagues, ComplaintCase, DutyLog, Hazard, Monthly, Opening, Owners, ProviderLine } from '../../generated/http'
import { usePagesOf } from '../../kernel/pages'
import type { Given } from '../reports/address'
import { periodOf, placeOf, useRead } from '../reports/api'

const ROOT = 'reports'
const LIST_MS = 10_000
const SLOW_MS = 60_000

interface Items<T> {
  items: readonly T[]
}

export const useDutyLog = (given: Given) => useRead<DutyLog>('/supervision/duty', periodOf(given), LIST_MS)
export const useColleagues = () => useRead<Colleagues>('/supervision/colleagues', {}, SLOW_MS)
export const useClocks = (given: Given) => useRead<Clocks>('/supervision/clocks', placeOf(given), SLOW_MS)
export const useComplaints = (given: Given, state: string) => usePagesOf<ComplaintCase>(ROOT, '/supervision/complaints', { ...placeOf(given), state }, LIST_MS)
export const useHazards = (given: Given, state: string) => usePagesOf<Hazard>(ROOT, '/supervision/hazards', { ...placeOf(given), state }, LIST_MS)
export const useOwners = (given: Given) => useRead<Owners>('/supervision/hazards/owners', placeOf(given), LIST_MS)
export const useMonthly = (given: Given) => useRead<Monthly>('/supervision/monthly', periodOf(given), SLOW_MS)
export const useProviderNames = () => useRead<Items<ProviderLine>>('/providers', { limit: '200' }, SLOW_MS)
export const useOpenings = (waiting: boolean) => usePagesOf<Opening>(ROOT, '/access/openings', { waiting: String(waiting) }, LIST_MS)
export const useReads = (given: { account?: string; elder?: string }) => usePagesOf<AccessLine>(ROOT, '/access/reads', given as Record<string, string>, SLOW_MS)
export const useAid = () => useRead<Items<Aid>>('/aid', {}, LIST_MS)
