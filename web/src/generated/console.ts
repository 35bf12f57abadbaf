// Generated from docs/wire/schema/console.json by `npm run types`; do not edit.

/** Transport acknowledgement, cumulative. */
export interface Ack {
  i: string
  seq: number
  t: 'ack'
}

/** `d` of the state `alarm/<id>`: stored, and not yet in any incident. Empty when it is. */
export interface AlarmHeard {
  alarm: string
  at: string
  device: string
  division: string
  drill: boolean
  elder: string | null
  kind: string
  name_masked: string
  place: string
  priority: number
}

/** A fresh token before the old one ends. */
export interface Auth {
  t: 'auth'
  token: string
}

/** `d` of `platform.breach`: the platform's own alarm; `place` and `kind` when it stands for an elder's alarm. */
export interface BreachNotice {
  alarm?: string | null
  check: string
  detail: Record<string, unknown>
  incident?: string | null
  kind?: string | null
  place?: string | null
}

/** `d` of `device.tested`: somebody pressed a button in a test window; nobody is rung. */
export interface ButtonTested {
  at: string
  device: string
  how: 'press'
}

/** The server is about to close. */
export interface Bye {
  after_ms: [number, number]
  again: boolean
  code: number
  reason: string
  t: 'bye'
}

/** What opened the socket. */
export interface ClientInfo {
  app?: string
  build?: string
  device?: string
  lang?: string
}

/** As much of the elder as an offer may show before it is accepted. */
export interface ElderHint {
  name_masked: string
}

/** A frame was refused; the connection goes on. */
export interface Err {
  code: string
  params: Record<string, unknown>
  ref: string
  retry: boolean
  t: 'err'
}

/** One event of an inbox; `seq` is contiguous. */
export interface Ev {
  at: string
  d: Record<string, unknown>
  exp?: string | null
  i: string
  id: string
  replay: boolean
  seq: number
  t: 'ev'
  type: string
}

/** First frame, within 5 s: a session token or a single-use ticket. */
export interface Hello {
  client?: ClientInfo
  inboxes?: InboxPosition[]
  t: 'hello'
  take?: boolean
  token: string
  topics?: string[]
  v?: 1
}

/** How one inbox will be brought up to date. */
export interface InboxMode {
  epoch: string
  from: number
  head: number
  id: string
  mode: 'replay' | 'snapshot'
}

/** How far the client has come. */
export interface InboxPosition {
  epoch?: string
  id: string
  seq?: number
}

/** `d` of `job.updated`: what a responder's own job has come to; fetch `/jobs/{id}` for the rest. */
export interface JobNotice {
  incident: string
  job: string
  my_state: string
  note?: string | null
  presses: number
  role: 'first' | 'second' | 'backup'
  state: string
  ver: number
}

/** Replay is over; everything from here is new. */
export interface Live {
  i: string
  seq: number
  t: 'live'
}

/** `d` of `offer.closed`: accepted, declined, expired, withdrawn or taken, and by whom. */
export interface OfferClosed {
  incident: string
  job: string
  offer: string
  who?: string | null
  why: string
}

/** `d` of `offer.louder`: still no answer; the console sounds louder. */
export interface OfferLouder {
  incident: string
  job: string
  offer: string
}

/** `d` of `job.offered`. */
export interface OfferNotice {
  dist_m: number
  drill: boolean
  elder: ElderHint
  eta_s: number
  incident: string
  job: string
  kind: string
  offer: string
  ordered: boolean
  others_asked: number
  place: string
  priority: number
  respond_by: string
  ring: string
  ver: number
}

/** Heartbeat. */
export interface Ping {
  n: number
  now: string
  t: 'ping'
}

/** Answer to `ping`, with whether this screen can ring. */
export interface Pong {
  audio?: string
  batt?: number | null
  lag_ms?: number | null
  n: number
  net?: string | null
  t: 'pong'
  vis?: string
}

/** Drawn for a person; `ring` is ok when it is sounding. */
export interface Seen {
  at?: string | null
  i: string
  ids: string[]
  ring?: 'ok' | 'blocked' | 'muted' | 'none'
  t: 'seen'
}

/** `d` of `alarm.settled`: somebody has bound or looked at what could not be placed; it leaves every desk. */
export interface SettledNotice {
  quarantine: string
}

/** The whole state at `seq`: incidents for a desk; offers and jobs for a responder; duty. */
export interface Snap {
  d: Record<string, unknown>
  epoch: string
  i: string
  part: number
  parts: number
  reason: 'window' | 'epoch' | 'client'
  seq: number
  t: 'snap'
}

/** Only the newest counts. */
export interface State {
  d: Record<string, unknown>
  k: string
  t: 'state'
  ver: number
}

/** Change the state topics. */
export interface Sub {
  add?: string[]
  del?: string[]
  t: 'sub'
}

/** Replay what follows `after`. */
export interface Sync {
  after: number
  i: string
  t: 'sync'
}

/** `d` of `alarm.unplaced`: something came that could not be placed. */
export interface UnplacedNotice {
  quarantine: string
  reason: string
  topic: string
}

/** Answer to hello. */
export interface Welcome {
  conn: string
  inboxes: InboxMode[]
  jitter_ms: number
  min_client: string
  now: string
  ping_ms: number
  pong_ms: number
  t: 'welcome'
  token_exp: string
  v: 1
}
