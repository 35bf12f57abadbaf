import type { DeviceLine, DeviceView, WindowLine } from '../generated/http'

export type Standing = 'online' | 'offline' | 'never' | 'revoked'

export function standing({ online, seen_at, revoked_at }: Pick<DeviceLine, 'online' | 'seen_at' | 'revoked_at'>): Standing {
  if (revoked_at) return 'revoked'
  if (seen_at === null || online === null) return 'never'
  return online ? 'online' : 'offline'
}

export const BATTERY_LOW = 20

/** Half decent radio for WiFi, LoRa and LTE alike; dBm. */
export function signalWord(rssi: number): 'good' | 'fair' | 'poor' {
  if (rssi >= -70) return 'good'
  return rssi >= -85 ? 'fair' : 'poor'
}

const CLAIM_MS = 60_000

/** The test window that is open at `now` (ms), if any; the minute of a claim is none, though its press rings nobody either. */
export function openWindow(windows: readonly WindowLine[], now: number): WindowLine | null {
  const open = ({ until_at, opened_at }: WindowLine) => Date.parse(opened_at) <= now && now < Date.parse(until_at)
  const lasting = ({ until_at, opened_at }: WindowLine) => Date.parse(until_at) - Date.parse(opened_at) > CLAIM_MS
  return windows.find((window) => open(window) && lasting(window)) ?? null
}

/** The platform counts the first presses of a window as tests; what comes after them rings. */
export const TESTS = 2

export const isInstalled = (device: Pick<DeviceLine, 'home' | 'elder'>): boolean => device.home !== null || device.elder !== null

/** How often the page asks again, ms: while somebody stands there and presses, at once. */
export const pace = (view: DeviceView | undefined, now: number): number => (view && openWindow(view.windows, now) ? 1_000 : 5_000)
