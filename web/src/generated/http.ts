// Generated from docs/wire/schema/http.json by `npm run types`; do not edit.

/** Who is logged in. */
export interface Account {
  division: string
  id: string
  inboxes: string[]
  kind: string | null
  name: string
  responder: string | null
  role: 'responder' | 'desk' | 'supervisor' | 'admin'
  username: string
}

/** Somebody who accepted. */
export interface AssignmentLine {
  accepted_at: string
  arrived_at: string | null
  departed_at: string | null
  ended_at: string | null
  eta_s: number
  id: string
  job: string
  kind: string
  name: string
  offer: string
  responder: string
  role: 'first' | 'backup'
  state: string
  with_elder_at: string | null
}

/** One try to reach somebody by telephone (接通 无人接 占线 关机). */
export interface CallAttempt {
  callee: string
  result: 'answered' | 'no_answer' | 'busy' | 'off'
}

/** A stored call attempt. */
export interface CallLine {
  at: string
  by: string
  callee: string
  result: string
}

/** A priority set by a person; lowering it needs a reason. */
export interface Classification {
  priority: number
  reason?: string
}

/** An SOS closes only when somebody saw or heard the elder (见人, 闻声). */
export interface Closing {
  evidence?: 'seen' | 'heard' | 'none'
  evidence_by?: string
  note?: string
  outcome: 'genuine' | 'false_press' | 'test' | 'device_fault' | 'hospital' | 'deceased' | 'not_actionable' | 'other'
}

/** How a visit ended. */
export interface Completion {
  note?: string
  outcome?: 'helped' | 'hospital' | 'false_press' | 'refused' | 'other'
}

/** Family or keyholder, in calling order. */
export interface ContactCard {
  has_key: boolean
  name: string
  ord: number
  phone: string
  relation: string
}

/** Why not: busy, too_far, unwell, off_duty, no_transport or other. An accepted offer can be given back. */
export interface Decline {
  reason?: 'busy' | 'too_far' | 'unwell' | 'off_duty' | 'no_transport' | 'other'
}

/** A device in a list. */
export interface DeviceLine {
  added_at: string
  cls: string
  county: string
  division: string
  elder: string | null
  home: string | null
  id: string
  model: string
  revoked_at: string | null
}

/** A division in a list. */
export interface DivisionLine {
  code: string
  name: string
  parent: string | null
}

/** On duty or not, and where. */
export interface Duty {
  lat?: number | null
  lon?: number | null
  on: boolean
}

/** An elder as shown during an incident; a list shows `name_masked` only. */
export interface ElderCard {
  age: number | null
  assessment: number | null
  dialect: string | null
  health: string | null
  id: string
  lives_alone: boolean
  name: string
  phone: string | null
  sex: string | null
}

/** An elder in a list: the name is masked until there is an incident. */
export interface ElderLine {
  assessment: number | null
  division: string
  home: string
  id: string
  lives_alone: boolean
  name_masked: string
  place: string | null
}

/** Ring the next level now. */
export interface Escalation {
  reason?: string
}

/** Where the elder lives and how to get in. */
export interface HomeCard {
  address: string
  division: string
  division_names: string[]
  door_code: string | null
  floor: number | null
  id: string
  key_place: string | null
  lat: number
  lift: boolean | null
  lon: number
}

/** Answer of the long poll: `events` (`ev` frames) above the position, or `snap` (a whole `snap` frame). */
export interface InboxPage {
  epoch: string
  events: Record<string, unknown>[]
  head: number
  mode: 'replay' | 'snapshot'
  snap: Record<string, unknown> | null
}

/** An incident in the desk's queue, and `d` of `incident.…` events: replace by `incident` if `ver` rose. */
export interface IncidentRow {
  asked: number
  cls: string
  device: string | null
  division: string
  drill: boolean
  flags: string[]
  going: AssignmentLine[]
  holder: string | null
  holder_account: string | null
  incident: string
  job: string | null
  job_state: string | null
  kind: string
  linked_to: string | null
  name_masked: string
  next_due: string | null
  opened_at: string
  place: string
  pressed_at: string
  presses: number
  priority: number
  rung: number
  state: string
  taken_at: string | null
  ver: number
}

/** Everything the desk needs on one page. */
export interface IncidentView {
  assignments: AssignmentLine[]
  calls: CallLine[]
  closed_at: string | null
  contacts: ContactCard[]
  elder: ElderCard | null
  evidence: string | null
  evidence_by: string | null
  home: HomeCard | null
  offers: OfferLine[]
  others_in_home: ElderCard[]
  outcome: string | null
  row: IncidentRow
  timeline: TimelineLine[]
}

/** A job for the one who goes: the full address, how to get in, whom to phone. */
export interface JobView {
  contacts: ContactCard[]
  drill: boolean
  elder: ElderCard | null
  going: AssignmentLine[]
  home: HomeCard | null
  incident: string
  incident_state: string
  job: string
  kind: string
  lat: number | null
  lon: number | null
  mine: AssignmentLine | null
  opened_at: string
  priority: number
  state: string
  ver: number
}

/** Credentials of a person. */
export interface Login {
  password: string
  username: string
}

/** A line in the timeline. */
export interface Note {
  text: string
}

/** One person asked: sent, shown, rang, answered. */
export interface OfferLine {
  answered_at: string | null
  dist_m: number
  eta_s: number
  id: string
  kind: string
  name: string
  rang_at: string | null
  reason: string | null
  respond_by: string
  responder: string
  score: Record<string, number>
  sent_at: string
  shown_at: string | null
  state: string
  wave: number
}

export interface PageOfIncidentRow {
  items: IncidentRow[]
  next: string | null
}

/** Somebody telephoned: open an incident for an elder. */
export interface PhoneIncident {
  elder: string
  kind?: 'sos' | 'fall' | 'vital' | 'smoke' | 'gas' | 'fence_exit' | 'water'
  note?: string
}

/** RFC 9457 problem+json; `code` is stable, `field` names what was wrong in the request. */
export interface Problem {
  code: string
  field?: string | null
  params: Record<string, unknown>
  status: number
  title: string
  type: string
}

/** An organisation in a list. */
export interface ProviderLine {
  division: string
  id: string
  name: string
  phone: string | null
}

/** The elder is somewhere else. */
export interface Relocation {
  lat: number
  lon: number
  note?: string
}

/** Somebody who may go, in a list. */
export interface ResponderLine {
  division: string
  id: string
  kind: string
  name_masked: string
  on_duty: boolean
  provider: string | null
  reachable: boolean
}

/** Answer to a login. */
export interface Session {
  account: Account
  expires_at: string
  token: string
}

/** Everyone asked or under way is told to stop. */
export interface StandDown {
  reason: string
}

/** Which parts of the platform answer. */
export interface Status {
  ok: boolean
  parts: Record<string, boolean>
}

/** A single-use ticket for one WebSocket. */
export interface Ticket {
  expires_at: string
  ticket: string
}

/** An event of the incident, oldest first; `tag` and `params` are put into words by the screen. */
export interface TimelineLine {
  actor: string
  at: string
  id: string
  params: Record<string, unknown>
  tag: string
}

/** Something that came and could not be placed; `copies` counts how often. */
export interface UnplacedLine {
  copies: number
  county: string
  first_at: string
  last_at: string
  quarantine: string
  reason: string
  topic: string
}
