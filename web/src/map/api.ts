import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Coverage, IncidentMap, MapPeople, MapRoads, MapShapes, MapSource } from '../generated/http'
import { request } from '../kernel/api'
import { queryOf } from '../kernel/pages'

const LIVE_MS = 5_000
const COVERAGE_MS = 30_000
const FOR_EVER = Number.POSITIVE_INFINITY

function useMap<T>(path: string, given: Record<string, string> = {}, { every = 0, when = true, ver = 0 } = {}) {
  return useQuery({
    queryKey: ['map', path, given, ver],
    queryFn: ({ signal }) => request<T>(`/map/${path}${queryOf(given)}`, { signal }),
    enabled: when,
    placeholderData: keepPreviousData,
    ...(every > 0 ? { refetchInterval: every } : { staleTime: FOR_EVER }),
  })
}


const PLAIN: MapSource = { kind: 'none', layers: [], crs: 'wgs84', max_zoom: 18, attribution: '' }

/** What lies under the map; ours alone until it is known, and where there is nothing else. */
export function useSource(): MapSource {
  const { data } = useMap<MapSource>('source')
  return data && data.kind !== PLAIN.kind ? data : PLAIN
}

export const useShapes = (division: string) => useMap<MapShapes>('shapes', { division })
export const usePeople = (division: string) => useMap<MapPeople>('people', { division }, { every: LIVE_MS })
export const useIncidentMap = (incident: string | null, ver: number) =>
  useMap<IncidentMap>(`incidents/${encodeURIComponent(incident ?? '')}`, {}, { every: LIVE_MS, when: incident !== null, ver })
export const useCoverage = (division: string, targetS: number) =>
  useMap<Coverage>('coverage', { division, target_s: String(targetS) }, { every: COVERAGE_MS })

export type Box = readonly [west: number, south: number, east: number, north: number]

export function useRoads(box: Box | null) {
  const [west, south, east, north] = (box ?? [0, 0, 0, 0]).map(String) as [string, string, string, string]
  return useMap<MapRoads>('roads', { west, south, east, north }, { when: box !== null })
}
