import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type {
  Breaches, Candidates, CircleHours, CountedIncident, CountedIncidents, Definitions, Fleet, IncidentReplay, IncidentView, IndicatorCase, Indicators, Overview, Protection, Providers,
  Ratings, ResponseTimes, WallTickets,
} from '../../generated/http'
import { request } from '../../kernel/api'
import { useOrderOf } from '../../kernel/order'
import { type Query, queryOf, usePagesOf } from '../../kernel/pages'
import { type Given, SEVERAL } from './address'
import { dayBegins, dayEnds } from './figures'

const ROOT = 'reports'
const LIVE_MS = 5_000
const FIGURES_MS = 5_000
const SLOW_MS = 60_000

export function useRead<T>(path: string, given: Query = {}, every = LIVE_MS, when = true) {
  return useQuery({
    queryKey: [ROOT, path, given],
    queryFn: ({ signal }) => request<T>(`${path}${queryOf(given)}`, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: every,
    enabled: when,
  })
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const WRITTEN: Readonly<Record<string, (value: string) => string | readonly string[]>> = {
  from: (day) => (DAY.test(day) ? dayBegins(day) : day),
  to: (day) => (DAY.test(day) ? dayEnds(day) : day),
  value: (values) => values.split(SEVERAL),
}

/** These filters as the API wants them: the address holds days, both inside; the API is asked from instant to instant. */
function only(given: Given, names: readonly string[]): Query {
  const there = names.flatMap((name) => (given[name] ? [[name, given[name]] as const] : []))
  return Object.fromEntries(there.map(([name, value]) => [name, WRITTEN[name]?.(value) ?? value]))
}

export const placeOf = (given: Given): Query => only(given, ['division'])
export const periodOf = (given: Given): Query => only(given, ['division', 'from', 'to'])

export const useOverview = (given: Given) => useRead<Overview>('/supervision/overview', placeOf(given))
export const useBreaches = (given: Given) => useRead<Breaches>('/supervision/breaches', placeOf(given))
export const useProviders = (given: Given) => useRead<Providers>('/supervision/providers', periodOf(given), SLOW_MS)
export const useRatings = (given: Given) => useRead<Ratings>('/supervision/ratings', only(given, ['division', 'from', 'to', 'by']), SLOW_MS)
export const useFleet = (given: Given) => useRead<Fleet>('/supervision/fleet', placeOf(given), SLOW_MS)
export const useIndicators = (given: Given) => useRead<Indicators>('/supervision/indicators', periodOf(given), SLOW_MS)
export const useCircleHours = (given: Given) => useRead<CircleHours>('/supervision/circle', periodOf(given), SLOW_MS)
export const useProtection = (given: Given) => useRead<Protection>('/supervision/protection', placeOf(given), SLOW_MS)
export const useCases = (code: string, given: Given) => usePagesOf<IndicatorCase>(ROOT, `/supervision/indicators/${encodeURIComponent(code)}/cases`, only(given, ['division', 'from', 'to', 'part']), SLOW_MS)

/** Filters of the response times, as the API knows them. */
export const FILTERS = ['kind', 'priority', 'cls', 'model', 'provider', 'responder', 'hour', 'weekday', 'month', 'day', 'settlement'] as const
const TIMES = ['division', 'from', 'to', 'by', ...FILTERS] as const

export const useTimes = (given: Given) => useRead<ResponseTimes>('/reports/response-times', only(given, TIMES), FIGURES_MS)
export const useDefinitions = () => useRead<Definitions>('/reports/definitions', {}, Number.POSITIVE_INFINITY)
export const useReplay = (incident: string) => useRead<IncidentReplay>(`/reports/incidents/${encodeURIComponent(incident)}/replay`)

/** Pages of the list behind a figure, with how many there are in all. */
export function useIncidents(given: Given) {
  const pages = usePagesOf<CountedIncident>(ROOT, '/reports/incidents', only(given, [...TIMES, 'value', 'stage', 'late']), FIGURES_MS)
  return { ...pages, first: pages.data?.pages[0] as CountedIncidents | undefined }
}

export const useIncident = (incident: string) => useRead<IncidentView>(`/incidents/${encodeURIComponent(incident)}`)
export const useCandidates = (incident: string) => useRead<Candidates>(`/incidents/${encodeURIComponent(incident)}/candidates`)
export const useTickets = () => useRead<WallTickets>('/wallboard/tickets', {}, SLOW_MS)

/** A command; afterwards everything on these pages is read again. */
export const useCommand = () => useOrderOf(ROOT)

export const FILES = ['response-times', 'indicators', 'providers', 'fleet', 'breaches', 'protection', 'cases', 'duty', 'complaints', 'hazards', 'monthly', 'ratings'] as const
export type File = (typeof FILES)[number]

/** Where a table is handed out as a file, with what its columns mean. */
export const fileOf = (what: File, given: Given, format: 'csv' | 'xlsx', lang: string): string =>
  `/api/v1/supervision/export/${what}${queryOf({ ...only(given, [...TIMES, 'indicator', 'part']), format, lang: lang === 'en' ? 'en' : 'zh' })}`

/** Where an incident is handed out as a document to be filed. */
export const caseFileOf = (incident: string, lang: string): string => `/api/v1/reports/incidents/${encodeURIComponent(incident)}/case-file${queryOf({ lang: lang === 'en' ? 'en' : 'zh' })}`
