import { useEffect, useSyncExternalStore } from 'react'
import type { Duty } from '../generated/http'
import { act } from '../kernel/api'
import { serverClock } from '../kernel/time'
import { type Fix, metres } from './way'

const LOCATE_MS = 8_000
const FRESH_MS = 15_000

/** Where this phone was last known to be, and when the server was told. */
interface Known {
  fix: Fix
  at: number
  told: number | null
}

let known: Known | null = null
const listeners = new Set<() => void>()

function learn(next: Known | null): void {
  known = next
  for (const listener of listeners) listener()
}

const fixOf = ({ coords }: GeolocationPosition): Fix => ({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy })

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePlace = (): Known | null => useSyncExternalStore(subscribe, () => known)

/** Where this phone is: known just now, or asked for; null when it does not know in time. */
export function locate(ms = LOCATE_MS): Promise<Fix | null> {
  if (known && Date.now() - known.at < FRESH_MS) return Promise.resolve(known.fix)
  return new Promise((done) => {
    if (!('geolocation' in navigator)) return done(null)
    const found = (position: GeolocationPosition) => {
      learn({ fix: fixOf(position), at: Date.now(), told: known?.told ?? null })
      done(fixOf(position))
    }
    navigator.geolocation.getCurrentPosition(found, () => done(null), { enableHighAccuracy: true, timeout: ms, maximumAge: FRESH_MS })
    setTimeout(() => done(null), ms)
  })
}

export const putDuty = (on: boolean, place: Fix | null) =>
  act<Duty>('/duty', { method: 'PUT', body: { on, lat: place?.lat ?? null, lon: place?.lon ?? null } })

const IDLE = { every: 60_000, moved: 50, latest: 300_000 }
const GOING = { every: 10_000, moved: 0, latest: 10_000 }

export function worthTelling(last: { at: number; place: Fix } | null, now: number, place: Fix, going: boolean): boolean {
  if (!last) return true
  const rule = going ? GOING : IDLE
  const age = now - last.at
  return age >= rule.latest || (age >= rule.every && metres(last.place, place) >= rule.moved)
}

/** While on duty the server is told where this person is: rarely when idle, often on the way. Off duty nobody looks. */
export function usePosition(on: boolean, going: boolean): void {
  useEffect(() => {
    if (!on || !('geolocation' in navigator)) return
    let last: { at: number; place: Fix } | null = null
    const tell = (position: GeolocationPosition) => {
      const place = fixOf(position)
      learn({ fix: place, at: Date.now(), told: known?.told ?? null })
      if (!worthTelling(last, Date.now(), place, going)) return
      last = { at: Date.now(), place }
      void putDuty(true, place).then(
        () => learn({ fix: place, at: Date.now(), told: serverClock.now() }),
        () => undefined,
      )
    }
    const watch = navigator.geolocation.watchPosition(tell, () => undefined, { enableHighAccuracy: going, maximumAge: 10_000 })
    return () => {
      navigator.geolocation.clearWatch(watch)
      learn(null)
    }
  }, [on, going])
}
