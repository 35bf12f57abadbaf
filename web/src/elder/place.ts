import { look } from './look'
import type { Place } from './phone'

const FRESH_MS = 60_000

const found = (patience: number): Promise<Place | null> =>
  new Promise((done) => {
    if (!('geolocation' in navigator)) return done(null)
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => done({ lat: coords.latitude, lon: coords.longitude, acc_m: Math.round(coords.accuracy), at: timestamp }),
      () => done(null),
      { enableHighAccuracy: true, timeout: patience, maximumAge: FRESH_MS },
    )
  })

/** Where she is, if she has agreed to tell; looked for while the countdown runs. */
export const place = (): Promise<Place | null> => (look().place ? found(4_500) : Promise.resolve(null))

/** Asks once, in the settings and not in an emergency. */
export const allowPlace = async (): Promise<boolean> => (await found(20_000)) !== null
