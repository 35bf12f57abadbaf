/** Longitude and latitude in degrees, as maps write them. */
export type LngLat = readonly [lng: number, lat: number]

const AXIS_M = 6_378_245
const ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
const { PI, abs, cos, sin, sqrt } = Math

const inChina = ([lng, lat]: LngLat): boolean => lat >= 0.8293 && lat <= 55.8271 && lng >= 72.004 && lng <= 137.8347

const swell = (at: number, near: number, far: number): number =>
  20 * sin(at * PI) + 40 * sin((at / 3) * PI) + near * sin((at / 12) * PI) + far * sin((at / 30) * PI)

/** Metres east and north that GCJ-02 moves a place; `x`, `y` are degrees east and north of 105 E, 35 N. */
function shift(x: number, y: number): [east: number, north: number] {
  const wave = 20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ((wave + swell(y, 160, 320)) * 2) / 3
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ((wave + swell(x, 150, 300)) * 2) / 3
  return [east, north]
}

/** WGS-84 as a Chinese map shows it (GCJ-02). Only for drawing: what is kept and sent stays WGS-84. */
export function toGcj(place: LngLat): LngLat {
  if (!inChina(place)) return place
  const [lng, lat] = place
  const [east, north] = shift(lng - 105, lat - 35)
  const bend = 1 - ECCENTRICITY_SQUARED * sin((lat / 180) * PI) ** 2
  const perLat = (((AXIS_M * (1 - ECCENTRICITY_SQUARED)) / (bend * sqrt(bend))) * PI) / 180
  const perLng = ((AXIS_M / sqrt(bend)) * cos((lat / 180) * PI) * PI) / 180
  return [lng + east / perLng, lat + north / perLat]
}
