import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { forget, keep, kept } from './kept'

/** This telephone as a device of hers (docs/wire/devices.md); `seq` counts its calls for help. */
export interface Phone {
  device: string
  secret: string
  name: string
  seq: number
}

export interface Place {
  lat: number
  lon: number
  acc_m: number
  at: number
}

/** One call for help: the same in every attempt, so that it is one. */
export interface Alarm {
  eid: string
  seq: number
  ts: number
  loc?: Place
}

const PHONE = 'yinling.elder.phone'
const TAG_BYTES = 16

export const phone = (): Phone | null => kept<Phone>(PHONE)

export const pairedAs = (device: string, secret: string, name: string): void =>
  keep(PHONE, { device, secret, name, seq: 0 } satisfies Phone)

export const unpair = (): void => forget(PHONE)

/** The next call for help; its number is stored first, since a number used twice would be the older call. */
export function nextAlarm(it: Phone, loc: Place | null, now: number): Alarm {
  const seq = Math.max(it.seq, phone()?.seq ?? 0) + 1
  keep(PHONE, { ...it, seq })
  return { eid: `${it.device}:1:${seq}`, seq, ts: now, ...(loc ? { loc } : {}) }
}

function tag(key: Uint8Array, content: string): string {
  return btoa(String.fromCharCode(...hmac(sha256, key, utf8ToBytes(content)).slice(0, TAG_BYTES)))
}

/** Body and headers of an attempt, signed with the telephone's own key: no login is needed. */
export function signed(it: Phone, alarm: Alarm, attempt: number): { body: string; headers: Record<string, string> } {
  const { eid, seq, ts, loc } = alarm
  const place = loc ? { loc: { ...loc, src: 'page', crs: 'wgs84' } } : {}
  const body = JSON.stringify({ v: 1, eid, kind: 'sos', boot: 1, seq, ts, attempt, path: 'page', ...place })
  const key = hmac(sha256, utf8ToBytes(it.secret), utf8ToBytes('yinling mac v1'))
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Yinling-Device': it.device,
      'X-Yinling-Signature': tag(key, `${it.device}|${body}`),
    },
  }
}
