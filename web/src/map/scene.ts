import type { Feature, FeatureCollection } from 'geojson'
import type { CoverageHole, Landmark, MapShape } from '../generated/http'
import type { Box } from './api'
import { type LngLat, toGcj } from './gcj'
import { isOld, type Mark } from './marks'

/** A figure written on a division; the tone is how good it is. */
export interface Figure {
  tone: 'good' | 'fair' | 'poor' | 'none'
  words: string
}

/** Everything that is drawn. */
export interface Scene {
  /** The division whose outline is heavier. */
  division: string
  shapes: readonly MapShape[]
  figures?: ReadonlyMap<string, Figure>
  landmarks: readonly Landmark[]
  roads: readonly (readonly [number, number, number, number])[]
  marks: readonly Mark[]
  holes?: readonly CoverageHole[]
  /** The alarm: level, words beside it, place; and her home, where that is elsewhere. */
  alarm: { level: number; words: string; at: LngLat } | null
  home: { words: string; at: LngLat } | null
  chosen: string | null
}

type Put = (place: LngLat) => LngLat
type Properties = Record<string, string | number | boolean>

const feature = (type: string, coordinates: unknown, properties: Properties = {}) =>
  ({ type: 'Feature', geometry: { type, coordinates }, properties }) as Feature
const collection = (features: Feature[]): FeatureCollection => ({ type: 'FeatureCollection', features })

/** How places are put on a picture of this datum. */
export const putOn = (crs: 'wgs84' | 'gcj02'): Put => (crs === 'gcj02' ? toGcj : (place) => place)

type Rings = LngLat[][]
const polygonsOf = ({ geometry }: MapShape): Rings[] =>
  geometry['type'] === 'Polygon' ? [geometry['coordinates'] as Rings] : (geometry['coordinates'] as Rings[])

/** The middle of the largest outline by area, where a name stands. */
export function middleOf(shape: MapShape): LngLat {
  const [best] = polygonsOf(shape)
    .map(([outline = []]) => centroid(outline))
    .sort((a, b) => b.area - a.area)
  return best?.at ?? [0, 0]
}

function centroid(ring: readonly LngLat[]): { at: LngLat; area: number } {
  let [area, x, y] = [0, 0, 0]
  ring.slice(1).forEach(([lng, lat], k) => {
    const [before, below] = ring[k] as LngLat
    const cross = before * lat - lng * below
    area += cross
    x += (before + lng) * cross
    y += (below + lat) * cross
  })
  return area === 0 ? { at: ring[0] ?? [0, 0], area: 0 } : { at: [x / (3 * area), y / (3 * area)], area: Math.abs(area) }
}

function iconOf(mark: Mark, now: number): string {
  const look = mark.group === 'duty' && !mark.reachable ? 'away' : mark.group
  return `${look}${isOld(mark, now) || mark.seenAt === null ? '-old' : ''}`
}

/** The parts of a scene as GeoJSON, by source. `words` names a mark with the age of its position. */
export function sourcesOf(scene: Scene, put: Put, now: number, words: (mark: Mark) => string): Record<string, FeatureCollection> {
  const tone = ({ code }: MapShape) => scene.figures?.get(code)?.tone ?? 'none'
  const label = (shape: MapShape) => [shape.name, scene.figures?.get(shape.code)?.words].filter(Boolean).join('\n')
  const parts = scene.shapes.filter(({ code }) => code !== scene.division)
  const shown = scene.marks.filter((mark) => mark.at !== null)
  const line = (places: readonly LngLat[], kind: string) => feature('LineString', places.map(put), { kind })
  return {
    shapes: collection(
      scene.shapes.map((shape) =>
        feature('MultiPolygon', polygonsOf(shape).map((rings) => rings.map((ring) => ring.map(put))), {
          code: shape.code, own: shape.code === scene.division, drawn: shape.drawn, tone: tone(shape),
        }),
      ),
    ),
    names: collection(parts.map((shape) => feature('Point', put(middleOf(shape)), { words: label(shape), code: shape.code }))),
    roads: collection(scene.roads.length === 0 ? [] : [feature('MultiLineString', scene.roads.map(([a, b, c, d]) => [put([b, a]), put([d, c])]))]),
    landmarks: collection(scene.landmarks.map(({ kind, name, lat, lon }) => feature('Point', put([lon, lat]), { kind, words: name }))),
    ways: collection(
      shown.filter(({ group }) => group === 'coming').flatMap(({ track, at }) => [
        ...(track.length > 1 ? [line(track, 'come')] : []),
        ...(scene.alarm && at ? [line([at, scene.alarm.at], 'ahead')] : []),
      ]),
    ),
    people: collection(
      [...shown].reverse().map((mark) =>
        feature('Point', put(mark.at as LngLat), { key: mark.key, icon: iconOf(mark, now), words: words(mark), chosen: mark.key === scene.chosen, near: near(mark) || mark.key === scene.chosen }),
      ),
    ),
    holes: collection((scene.holes ?? []).map(({ lat, lon, elders }) => feature('Point', put([lon, lat]), { words: elders == null ? '<5' : String(elders) }))),
    alarm: collection([
      ...(scene.home ? [feature('Point', put(scene.home.at), { icon: 'home', words: scene.home.words })] : []),
      ...(scene.alarm ? [feature('Point', put(scene.alarm.at), { icon: `level-${scene.alarm.level}`, words: scene.alarm.words })] : []),
    ]),
  }
}

/** Whether the incident concerns her. */
const near = ({ group }: Mark): boolean => group !== 'duty' && group !== 'working'

/** What must be in sight: the alarm with those who come and are asked, else the division. */
export function boundsOf(scene: Scene, whole: Box | null): Box | null {
  const places = scene.alarm ? [scene.alarm.at, ...scene.marks.filter(near).flatMap(({ at }) => (at ? [at] : []))] : []
  return places.length > 0 ? around(places) : (whole ?? around(scene.marks.flatMap(({ at }) => (at ? [at] : []))))
}

function around(places: readonly LngLat[]): Box | null {
  if (places.length === 0) return null
  const [lngs, lats] = [places.map(([lng]) => lng), places.map(([, lat]) => lat)]
  return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)]
}
