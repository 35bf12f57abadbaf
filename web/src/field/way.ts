import { gcj02, type Point } from '../kernel/gcj02'

export interface Fix extends Point {
  accuracy: number
}

/** The same numbers the server records an arrival by. */
const NEAR_M = 150
const VAGUE_M = 300

export function metres(a: Point, b: Point): number {
  const north = (b.lat - a.lat) * 111_320
  const east = (b.lon - a.lon) * 111_320 * Math.cos((a.lat * Math.PI) / 180)
  return Math.hypot(north, east)
}

export type Door = { is: 'near' | 'unknown' } | { is: 'far'; metres: number }

/** Whether the phone is where the door should be, as far as it can know. */
export function doorOf(fix: Fix | null, door: { lat: number | null; lon: number | null }): Door {
  if (!fix || fix.accuracy > VAGUE_M || door.lat === null || door.lon === null) return { is: 'unknown' }
  const away = metres(fix, { lat: door.lat, lon: door.lon })
  return away <= NEAR_M + fix.accuracy ? { is: 'near' } : { is: 'far', metres: away }
}

export type MapApp = 'amap' | 'baidu' | 'tencent' | 'other'

/** Opens a map installed on the phone at a WGS-84 place; the maps of mainland China are told it in GCJ-02. */
export function mapLinks(place: Point, name: string, agent: string): readonly (readonly [MapApp, string])[] {
  const { lat, lon } = gcj02(place)
  const [y, x, to] = [lat.toFixed(6), lon.toFixed(6), encodeURIComponent(name)]
  const amap = /iPhone|iPad/.test(agent) ? 'iosamap://path' : 'amapuri://route/plan/'
  return [
    ['amap', `${amap}?sourceApplication=yinling&dlat=${y}&dlon=${x}&dname=${to}&dev=0&t=2`],
    ['baidu', `baidumap://map/direction?destination=latlng:${y},${x}|name:${to}&coord_type=gcj02&mode=walking&src=yinling`],
    ['tencent', `qqmap://map/routeplan?type=walk&to=${to}&tocoord=${y},${x}&referer=yinling`],
    ['other', `geo:${place.lat},${place.lon}?q=${place.lat},${place.lon}(${to})`],
  ]
}
