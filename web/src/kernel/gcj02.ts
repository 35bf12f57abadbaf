/** The offset that maps of mainland China are drawn with (GCJ-02). Positions are kept in WGS-84 and shifted only to be shown. */

const AXIS_M = 6_378_245
const ECCENTRICITY = 0.00669342162296594

export interface Point {
  lat: number
  lon: number
}

const abroad = ({ lat, lon }: Point): boolean => lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271

const waves = (x: number, ...parts: readonly [size: number, per: number][]): number =>
  parts.reduce((sum, [size, per]) => sum + size * Math.sin((x * Math.PI) / per), 0)

function northward(x: number, y: number): number {
  const plane = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x))
  const ripple = waves(x, [20, 1 / 6], [20, 1 / 2]) + waves(y, [20, 1], [40, 3], [160, 12], [320, 30])
  return plane + (ripple * 2) / 3
}

function eastward(x: number, y: number): number {
  const plane = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x))
  const ripple = waves(x, [20, 1 / 6], [20, 1 / 2], [20, 1], [40, 3], [150, 12], [300, 30])
  return plane + (ripple * 2) / 3
}

/** WGS-84 degrees to GCJ-02 degrees; outside China they are the same. */
export function gcj02(at: Point): Point {
  if (abroad(at)) return at
  const [x, y] = [at.lon - 105, at.lat - 35]
  const radians = (at.lat * Math.PI) / 180
  const flat = 1 - ECCENTRICITY * Math.sin(radians) ** 2
  const north = (northward(x, y) * 180) / (((AXIS_M * (1 - ECCENTRICITY)) / (flat * Math.sqrt(flat))) * Math.PI)
  const east = (eastward(x, y) * 180) / ((AXIS_M / Math.sqrt(flat)) * Math.cos(radians) * Math.PI)
  return { lat: at.lat + north, lon: at.lon + east }
}
