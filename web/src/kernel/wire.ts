import type { Ack, Auth, Bye, Err, Ev, Hello, Live, Ping, Pong, Seen, Snap, State, Sub, Sync, Welcome } from '../generated/console'

export const SUBPROTOCOL = 'yinling.v1'

export type ServerFrame = Welcome | Ev | Live | Snap | State | Ping | Err | Bye
export type ClientFrame = Hello | Ack | Seen | Sync | Sub | Auth | Pong
export type RingReport = Seen['ring'] & string

/** How far an inbox has been applied. */
export interface Cursor {
  epoch: string
  seq: number
}

export const NOWHERE: Cursor = { epoch: '', seq: 0 }

/** A frame, or null for anything that is not one. */
export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null
  try {
    const frame: unknown = JSON.parse(data)
    return isFrame(frame) ? frame : null
  } catch {
    return null
  }
}

function isFrame(value: unknown): value is ServerFrame {
  return typeof value === 'object' && value !== null && 't' in value && typeof value.t === 'string'
}
