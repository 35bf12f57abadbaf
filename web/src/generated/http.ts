// Generated from docs/wire/schema/http.json by `npm run types`; do not edit.

/** Who is logged in. */
export interface Account {
  division: string
  id: string
  inboxes: string[]
  kind: string | null
  name: string
  responder: string | null
  role: 'responder' | 'desk' | 'supervisor' | 'admin' | 'installer'
  username: string
}

/** The question's id, which the device repeats. */
export interface Asked {
  id: string
}

/** What a device is asked: test itself, tell where it is, beat every `s` seconds, speak `say`. */
export interface Asking {
  cmd: 'test' | 'locate' | 'interval' | 'speak'
  s?: number | null
  say?: string | null
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

/** A foreign address that is this device, or a device behind this hub; `meaning` maps its words to kinds. */
export interface BindingLine {
  adapter: string
  address: string
  device: string
  hub: string
  meaning: Record<string, unknown>
}

/** The device behind the address, the hub it speaks through, and how many late presses ring now. */
export interface Bound {
  device: string
  hub?: string | null
  rings: number
}

/** For so many minutes presses of this device are tests. */
export interface ButtonTest {
  minutes?: number
}

/** Until when presses are tests. */
export interface ButtonTestOpened {
  until: string
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

/** The code on the device's label. */
export interface ClaimCode {
  code: string
}

/** A try to take a device over that waits for its press. */
export interface ClaimLine {
  claim: string
  opened_by: string
  pressed_at: string | null
  until: string
}

/** Now press the device before `until`; that press rings nobody. */
export interface ClaimOpened {
  claim: string
  until: string
}

/** `waiting` for the press, or `claimed` with the fresh secret, told once. */
export interface ClaimState {
  secret?: string | null
  state: 'waiting' | 'claimed'
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

/** Elder and address are right: said by voice at the first press, or ticked by the installer. */
export interface Confirmation {
  how: 'voice' | 'tick'
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

/** Who was refused by a broker, why, and how often; `denial` is its key. */
export interface DenialLine {
  count: number
  county: string
  denial: string
  device: string
  first_at: string
  last_at: string
  why: string
}

/** A device in a list: what it is, where, how it is, and what is wrong with it at present. `online` is null while nothing was heard; `pressed_at` is the last press by hand, a test included. */
export interface DeviceLine {
  added_at: string
  batt: number | null
  cls: string
  county: string
  division: string
  elder: string | null
  elder_name_masked: string
  faults: string[]
  fw: string | null
  home: string | null
  id: string
  kind: string
  mains: boolean | null
  model: string
  online: boolean | null
  place: string | null
  pressed_at: string | null
  revoked_at: string | null
  rssi: number | null
  seen_at: string | null
  self_tested_at: string | null
  test_until: string | null
  tested_at: string | null
  unconfirmed: boolean
}

/** Everything about one device on one page. */
export interface DeviceView {
  added_at: string
  batt: number | null
  bindings: BindingLine[]
  claim_open: ClaimLine | null
  cls: string
  county: string
  denials: DenialLine[]
  division: string
  elder: string | null
  elder_name_masked: string
  fault_history: FaultLine[]
  faults: string[]
  fw: string | null
  home: string | null
  id: string
  kind: string
  mains: boolean | null
  model: string
  online: boolean | null
  place: string | null
  placements: PlacementLine[]
  pressed_at: string | null
  revoked_at: string | null
  revoked_why: string | null
  rssi: number | null
  seen_at: string | null
  self_tested_at: string | null
  test_until: string | null
  tested_at: string | null
  unconfirmed: boolean
  windows: WindowLine[]
}

/** A foreign thing that told of itself and is bound to nothing yet; `words` is what it can say. */
export interface DiscoveredLine {
  adapter: string
  address: string
  county: string
  first_at: string
  hub: string | null
  last_at: string
  maker: string | null
  model: string | null
  name: string | null
  words: string[]
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

/** Something that was or is wrong; `outage` where many were silent at once. */
export interface FaultLine {
  ended_at: string | null
  fault: string
  kind: string
  opened_at: string
  outage: string | null
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

/** A home in a list. */
export interface HomeLine {
  division: string
  id: string
  place: string
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
  asks_at?: string | null
  cls: string
  covered_at?: string | null
  device: string | null
  devices?: number | null
  division: string
  drill: boolean
  elders?: number | null
  faults: RowFault[]
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
  outage?: string | null
  place: string
  pressed_at: string
  presses: number
  priority: number
  protects: boolean
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

/** A foreign address is this device: an existing one (`device`) or a `new` one. `meaning` maps the maker's words to kinds of alarm or `ignore`. With `ring` a message younger than 30 min that was set aside (`quarantine`) is read again, and rings. */
export interface NewBinding {
  adapter?: string | null
  address: string
  device?: string | null
  division?: string | null
  elder?: string | null
  home?: string | null
  hub?: string | null
  meaning?: Record<string, string>
  new?: NewThing | null
  quarantine?: string | null
  ring?: boolean
}

/** A device that comes to be by being bound. */
export interface NewThing {
  id: string
  kind: 'button' | 'wearable' | 'hub' | 'sensor' | 'sms'
  model: string
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

/** Many devices silent at once; `silent` counts those in scope that still are. */
export interface OutageLine {
  area: string | null
  devices: number
  division: string
  ended_at: string | null
  grew_at: string
  incident: string | null
  opened_at: string
  outage: string
  silent: number
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

/** Where a device was and who wore it, from when until when. */
export interface PlacementLine {
  confirmed_at: string | null
  confirmed_by: string | null
  confirmed_how: string | null
  division: string
  elder: string | null
  elder_name_masked: string
  from_at: string
  home: string | null
  place: string | null
  placed_by: string
  until_at: string | null
}

/** A home, the elder who wears it, or both; without either only a division, for what stands in a street. */
export interface Placing {
  division?: string | null
  elder?: string | null
  home?: string | null
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

/** A message as it came: `payload` where it is text, else `payload_b64`; `copies` counts its repetitions. */
export interface RawLine {
  boot: number
  claimed_at: string | null
  copies: number
  eid: string
  event: string
  flags: string[]
  last_at: string | null
  payload: string | null
  payload_b64: string | null
  received_at: string
  seq: number
  topic: string
}

/** The factory credentials of a new device, shown once: a repetition of the request has them no more. */
export interface Registered {
  claim_code?: string | null
  device: string
  secret?: string | null
}

/** A new device; `prefix` is what a hub may publish besides its own topics, for example `zigbee2mqtt/#`. */
export interface Registration {
  beat_s?: number | null
  cls?: 'own' | 'relayed' | 'hub'
  datum?: 'wgs84' | 'gcj02' | 'bd09' | null
  division: string
  id: string
  kind: 'button' | 'wearable' | 'hub' | 'sensor' | 'sms'
  model: string
  prefix?: string | null
}

/** A fresh secret, shown once. */
export interface Rekeyed {
  secret?: string | null
}

/** The elder is somewhere else. */
export interface Relocation {
  lat: number
  lon: number
  note?: string
}

/** What today's code makes of a message that came once; nobody is rung. */
export interface Replay {
  reading: Record<string, unknown>
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

/** Why a device may no longer connect. */
export interface Revocation {
  reason: string
}

/** An elder to be telephoned while the devices are silent; `called` is the last try. Record a try as a call of the outage's incident with `callee` = `elder`. */
export interface RollCallLine {
  age: number | null
  assessment: number | null
  called: CallLine | null
  contacts: ContactCard[]
  devices: SilentDevice[]
  dialect: string | null
  division: string
  elder: string
  health: string | null
  lives_alone: boolean
  name: string
  phone: string | null
  place: string | null
  since: string
}

/** Something wrong with a device; `protects` tells whether that leaves her unable to call. */
export interface RowFault {
  at: string
  device: string | null
  kind: string
  protects: boolean
}

/** Answer to a login. */
export interface Session {
  account: Account
  expires_at: string
  token: string
}

/** A device that fell silent, and when it was heard again. */
export interface SilentDevice {
  back_at: string | null
  device: string
  kind: string
  since: string
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

/** Back as from the factory; both shown once. */
export interface Unclaimed {
  claim_code?: string | null
  secret?: string | null
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

/** A test window, and how often the button was pressed in it. */
export interface WindowLine {
  opened_at: string
  opened_by: string
  presses: number
  until_at: string
}
