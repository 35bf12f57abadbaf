import type { CandidateLine, Concerned, IncidentMap, MapPerson } from '../generated/http'
import type { LngLat } from './gcj'

export type Group = 'coming' | 'asked' | 'candidates' | 'working' | 'duty'

/** Somebody on the map and in its list. */
export interface Mark {
  key: string
  group: Group
  name: string
  kind: string
  /** Null: nobody knows where she is; then she is in the list alone. */
  at: LngLat | null
  /** When that was; null: her station. */
  seenAt: string | null
  reachable: boolean
  state: string | null
  role: string | null
  offer: string | null
  etaS: number | null
  distM: number | null
  track: readonly LngLat[]
}

export const GROUPS: readonly Group[] = ['coming', 'asked', 'candidates', 'working', 'duty']
const CANDIDATES = 10
const OLD_MS = 2 * 60_000
const OLD_ON_DUTY_MS = 10 * 60_000

const busy = (group: Group): boolean => group === 'coming' || group === 'working'

/** Whether a position is too old to be trusted: sooner for somebody on the way, who tells it every ten seconds. */
export function isOld({ seenAt, group }: Pick<Mark, 'seenAt' | 'group'>, now: number): boolean {
  return seenAt !== null && now - Date.parse(seenAt) > (busy(group) ? OLD_MS : OLD_ON_DUTY_MS)
}

const RADIUS_M = 6_371_008.8
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** Great-circle distance in metres. */
export function metresBetween([lngA, latA]: LngLat, [lngB, latB]: LngLat): number {
  const chord =
    Math.sin(radians(latB - latA) / 2) ** 2 + Math.cos(radians(latA)) * Math.cos(radians(latB)) * Math.sin(radians(lngB - lngA) / 2) ** 2
  return 2 * RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord)))
}

export const COMPASS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const

/** Where `to` lies as seen from `from`, to the eighth of a turn. */
export function compass(from: LngLat, to: LngLat): (typeof COMPASS)[number] {
  const east = (to[0] - from[0]) * Math.cos(radians((from[1] + to[1]) / 2))
  const turn = Math.atan2(east, to[1] - from[1]) / (Math.PI / 4)
  return COMPASS[(Math.round(turn) + 8) % 8] ?? 'n'
}

const lngLat = ({ lng, lat }: { lng: number; lat: number }): LngLat => [lng, lat]

function markOf(one: MapPerson, group: Group, about: Partial<Mark> = {}): Mark {
  return {
    key: one.responder, group, name: one.name_masked, kind: one.kind, at: lngLat({ lng: one.lon, lat: one.lat }), seenAt: one.seen_at ?? null,
    reachable: one.reachable || one.phone_only, state: one.state ?? null, role: null, offer: null, etaS: null, distM: null, track: [], ...about,
  }
}

function concerned(one: Concerned): Mark {
  const coming = one.role !== null && one.role !== undefined
  const track = one.track.map(({ lon, lat }): LngLat => [lon, lat])
  return markOf(one, coming ? 'coming' : 'asked', { role: one.role ?? null, offer: one.offer ?? null, etaS: one.eta_s ?? null, track })
}

function candidate(one: CandidateLine, there: MapPerson | undefined): Mark {
  const about = { etaS: one.eta_s, distM: one.dist_m, reachable: one.reachable || one.phone_only }
  if (there) return markOf(there, 'candidates', about)
  return { key: one.responder, group: 'candidates', name: one.name, kind: one.kind, at: null, seenAt: null, state: null, role: null, offer: null, track: [], ...about }
}

/** The place of an incident, if it has one. */
export const placeOf = (incident: IncidentMap | null | undefined): LngLat | null =>
  incident && incident.lat != null && incident.lon != null ? [incident.lon, incident.lat] : null

/** Everybody once, by what most concerns the incident; in each group the nearest in time or way first. */
export function marksOf(people: readonly MapPerson[], incident: IncidentMap | null, candidates: readonly CandidateLine[]): Mark[] {
  const place = placeOf(incident)
  const there = new Map(people.map((one) => [one.responder, one]))
  const first = (incident?.people ?? []).map(concerned)
  const known = new Set(first.map(({ key }) => key))
  const free = candidates.filter(({ responder }) => !known.has(responder)).slice(0, CANDIDATES)
  for (const { responder } of free) known.add(responder)
  const others = people.filter(({ responder }) => !known.has(responder)).map((one) => markOf(one, one.incident ? 'working' : 'duty'))
  const marks = [...first, ...free.map((one) => candidate(one, there.get(one.responder))), ...others]
  return marks.map((mark) => withWay(mark, place)).sort(byGroup)
}

function withWay(mark: Mark, place: LngLat | null): Mark {
  if (mark.distM !== null || !mark.at || !place) return mark
  return { ...mark, distM: metresBetween(mark.at, place) }
}

/** Candidates stay in the order of the rules. */
function byGroup(a: Mark, b: Mark): number {
  if (a.group !== b.group) return GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group)
  return a.group === 'candidates' ? 0 : (a.distM ?? 0) - (b.distM ?? 0) || a.key.localeCompare(b.key)
}
