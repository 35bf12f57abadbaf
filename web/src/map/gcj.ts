import { gcj02 } from '../kernel/gcj02'

/** Longitude and latitude in degrees, as maps write them. */
export type LngLat = readonly [lng: number, lat: number]

/** WGS-84 as a Chinese map shows it. Only for drawing: what is kept and sent stays WGS-84. */
export function toGcj([lng, lat]: LngLat): LngLat {
  const shown = gcj02({ lat, lon: lng })
  return [shown.lon, shown.lat]
}
