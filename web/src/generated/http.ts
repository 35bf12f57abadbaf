// Generated from docs/wire/schema/http.json by `npm run types`; do not edit.

/** One read of people's data as it stands in the log: who, what, why, when. */
export interface AccessLine {
  account: string
  at: string
  division: string
  id: string
  name: string
  shown: string[]
  tag: string
  target: string
  what: string
  why: string
}

/** Who is logged in. */
export interface Account {
  division: string
  elder?: string | null
  id: string
  inboxes: string[]
  kind: string | null
  must?: 'password' | 'factor' | null
  name: string
  responder: string | null
  role: 'responder' | 'desk' | 'supervisor' | 'admin' | 'installer' | 'office' | 'auditor' | 'security' | 'elder' | 'family'
  username: string
}

/** What an account is from now on; its sessions end where its rights change. */
export interface AccountChange {
  at_once?: boolean
  division: string
  name: string
  role: 'responder' | 'desk' | 'supervisor' | 'admin' | 'installer' | 'office' | 'auditor' | 'security'
  sso?: string | null
}

/** An account of somebody who works here. */
export interface AccountLine {
  disabled_at: string | null
  division: string
  factors: number
  id: string
  kind: string | null
  locked: boolean
  name: string
  on_a_case: boolean
  one_time: boolean
  responder: string | null
  role: string
  sessions: number
  sso: boolean
  used_at: string | null
  username: string
}

/** A grant as it stands. */
export interface Aid {
  by: string
  division: string
  ended_at: string | null
  from_at: string
  id: string
  reason: string
  to_division: string
  until: string
}

/** Alarms that rang: in the last ten minutes, today; floods on at present. */
export interface AlarmLoad {
  floods: number
  now_10min: number
  today: number
}

/** Answer to an exchange. */
export interface Announced {
  call: string
}

/** An answer that is kept. */
export interface AnswerLine {
  answer: string
  at: string
  by: string
  question: string
}

/** All answers, and line by line. */
export interface Answers {
  groups: AnswersLine[]
  total: AnswersLine
}

/** How many gave each answer. `key` is null for the whole and for `rest` lines of fewer than five together. Nothing is told of fewer than five (`few`). `good` is the share of answers one wants to hear, `low` to `high` its Wilson interval of 95 %. */
export interface AnswersLine {
  answers: Record<string, number>
  few: boolean
  good: number | null
  high: number | null
  key: string | null
  low: number | null
  n: number | null
  name: string | null
  rest: number
}

/** A division by code and name; the whole cell has the empty code. */
export interface Area {
  division: string
  name: string
}

/** Somebody comes within a window; `people` are their names, as far as they are known; else as `OrderLine`. */
export interface Arrangement {
  cancellable: boolean
  order: string
  people: string[]
  rating: number | null
  service: string
  service_name: string
  service_name_en: string
  starts_at: string | null
  state: string
  telephoned: 'elder' | 'family' | null
  window_from: string
  window_to: string
  written_by: string | null
}

/** At the door, and what the phone says of where that is. Never refused: what does not fit is recorded so. */
export interface Arrival {
  accuracy_m?: number | null
  at?: string | null
  lat?: number | null
  lon?: number | null
  note?: string
  says?: 'wrong_position' | 'no_position' | 'elsewhere' | 'other' | null
}

/** Send six digits to this mobile telephone, as a text or read aloud by a call. */
export interface AskForCode {
  by?: 'text' | 'voice'
  phone: string
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

/** One wave: when, how many were asked, and who near was not. */
export interface AskingWave {
  asked: number
  at: string
  passed_over: PassedOver[]
  wave: number
}

/** Ability by GB/T 42195, 0 whole to 4 lost wholly; without a last day it holds for two years. */
export interface AssessmentForm {
  assessed_on: string
  assessor?: string | null
  level: number
  until?: string | null
}

/** One that was made; `expired` when its last day is over. */
export interface AssessmentRecord {
  assessed_on: string
  assessor?: string | null
  expired: boolean
  level: number
  until: string
}

/** Who comes (机构派员), and when within the window; without a time the planned one stays. */
export interface AssignOrder {
  note?: string
  people: string[]
  starts_at?: string | null
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
  role: 'first' | 'second' | 'backup'
  state: string
  with_elder_at: string | null
}

/** Shown once: the key as text, as an address for the app and as a picture (SVG in a data URL). */
export interface AuthenticatorMade {
  factor: string
  key: string
  picture: string
  uri: string
}

/** A foreign address that is this device, or a device behind this hub; `meaning` maps its words to kinds. */
export interface BindingLine {
  adapter: string
  address: string
  device: string
  hub: string
  meaning: Record<string, unknown>
}

/** Why this person is asked no more, from this second on. */
export interface Blocking {
  reason: string
}

/** The device behind the address, the hub it speaks through, and how many late presses ring now. */
export interface Bound {
  device: string
  hub?: string | null
  rings: number
}

/** An incident or visit past its target. `target_s` counts from `since`; `over_s` is how long it is past it. */
export interface Breach {
  assignment: string | null
  division: string
  division_name: string
  holder: Holder
  incident: string
  job: string | null
  kind: string
  name_masked: string
  nudged_at: string | null
  nudges: number
  order: string | null
  over_s: number
  place: string
  priority: number
  since: string
  stage: 'unclaimed' | 'unaccepted' | 'not_departed' | 'not_at_door' | 'not_with_elder' | 'no_check_in' | 'not_closed' | 'visit_late'
  state: string
  target_s: number
  ver: number
}

/** Everything past its target in a division, the most urgent first; at most 500, `more` says that there are more. */
export interface Breaches {
  above: Area[]
  at: string
  division: string
  items: Breach[]
  more: boolean
  name: string
}

/** Somebody beyond the own division is in danger: her id, or the whole telephone number she has given. */
export interface BreakGlass {
  elder?: string | null
  note: string
  phone?: string | null
}

/** For so many minutes presses of this device are tests. */
export interface ButtonTest {
  minutes?: number
}

/** Until when presses are tests. */
export interface ButtonTestOpened {
  until: string
}

/** What a responder says on the telephone (电话代录). `reason` is for declining, the rest for completing. */
export interface ByPhone {
  act: 'accept' | 'decline' | 'depart' | 'arrive' | 'start' | 'complete' | 'support' | 'no_access' | 'not_found'
  note?: string
  outcome?: 'helped' | 'hospital' | 'false_press' | 'refused' | 'other'
  reason?: 'busy' | 'too_far' | 'unwell' | 'off_duty' | 'no_transport' | 'other'
  responder: string
}

/** One try to reach somebody by telephone (接通 无人接 占线 关机). */
export interface CallAttempt {
  callee: string
  cleared?: boolean
  result: 'answered' | 'no_answer' | 'busy' | 'off'
}

/** A call that is owed after help has been with somebody; `overdue` after a day. */
export interface CallBackLine {
  closed_at: string | null
  division: string
  due_at: string
  elder: string | null
  incident: string
  made_at: string | null
  name_masked: string
  overdue: boolean
  result: string | null
}

/** Which incident a call was about. */
export interface CallLink {
  incident: string
}

/** A call that was opened: the number, and everybody it may be about. */
export interface CallView {
  at: string
  call: string
  direction: 'in' | 'out'
  elders: CallerCard[]
  incident: string | null
  line: string
  number: string
  responders: string[]
}

/** An elder behind a number, in full. */
export interface CallerCard {
  contacts: ContactCard[]
  elder: ElderCard
  home: HomeCard | null
  incidents: Record<string, unknown>[]
}

/** An elder whose number, or whose contact's, it may be; masked. */
export interface CallerHint {
  elder: string
  incident: string | null
  name_masked: string
  place: string
}

/** Nobody comes, nothing is charged. */
export interface CancelOrder {
  note?: string
  reason: 'elder_asks' | 'family_asks' | 'hospital' | 'moved' | 'died' | 'mistake' | 'weather' | 'other'
}

/** Somebody who may be asked next, the best first, with the parts of the score; `asked` in this incident before. */
export interface CandidateLine {
  asked: string | null
  busy?: number | null
  dist_m: number
  eta_s: number
  jobs_24h: number
  kind: string
  name: string
  on_duty: boolean
  pending: number
  phone_only: boolean
  reachable: boolean
  relation: string | null
  responder: string
  score: Record<string, number>
  seen_at?: string | null
  skills: string[]
}

/** Who may be asked for an incident now, and who may not. */
export interface Candidates {
  items: CandidateLine[]
  passed_over: PassedLine[]
}

/** A card to be printed: its code in groups, where it leads, and the picture (SVG in a data URL). */
export interface Card {
  address: string
  code: string
  picture: string
}

/** What somebody who reads a card may see: for most, only whom to telephone. */
export interface CardOpened {
  elder?: string | null
  job?: string | null
  name_masked?: string | null
  phone: string
}

/** An hour of the week (weekday 1 is Monday, in China): samples taken, and the share of elders within reach. `within` is null for fewer than five elders. */
export interface CircleHour {
  hour: number
  samples: number
  weekday: number
  within: number | null
}

/** The circle of fifteen minutes of a division over a period, by hour of the week; hours never seen are left out. */
export interface CircleHours {
  above: Area[]
  as_of: string | null
  division: string
  hours: CircleHour[]
  name: string
  since: string
  target_s: number
  until: string
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

/** A priority set by a person; lowering it needs a reason, as a code or in words. */
export interface Classification {
  code?: 'voice_contact' | 'condition_worse' | 'condition_better' | 'family_there' | 'likely_false' | 'duplicate' | null
  priority: number
  reason?: string
}

/** Working days in China in which a complaint is taken up, told something, settled; counted from the day after. */
export interface ClockDays {
  accept_days: number
  reply_days: number
  settle_days: number
}

/** What holds in a division; `laid_down_in` is whose line that is, null for the default. */
export interface Clocks {
  accept_days: number
  division: string
  laid_down_in: string | null
  reply_days: number
  settle_days: number
}

/** The end of an event: whoever is not settled is named. */
export interface CloseEvent {
  named?: Named[]
  note?: string
}

/** An SOS closes only when somebody saw or heard the elder (见人, 闻声). */
export interface Closing {
  evidence?: 'seen' | 'heard' | 'none'
  evidence_by?: string
  note?: string
  outcome: 'genuine' | 'false_press' | 'test' | 'device_fault' | 'hospital' | 'deceased' | 'not_actionable' | 'poor_details' | 'other'
}

/** Until when the digits are good, and when they may be asked for again. */
export interface CodeSent {
  again_at: string
  until: string
}

/** Somebody at a desk of the caller's division, who may handle a complaint or answer for a hazard. */
export interface Colleague {
  account: string
  division: string
  division_name: string
  name: string
  role: string
}

/** The first 500, by division. */
export interface Colleagues {
  items: Colleague[]
}

/** Somebody on her way to her, or there; on an `order` of hers, or because she called. `portrait`: her face, at `GET /elder/portraits/{portrait}`. */
export interface Comer {
  kind: string
  name: string
  number: string
  order: string | null
  portrait: string | null
  state: string
}

/** Whom to let in, the first to say that she goes first. */
export interface Comers {
  items: Comer[]
}

/** What the supervisor says to it. */
export interface ComplaintAnswer {
  answer: string
}

/** A complaint as a supervisor handles it. `step` is what is due next by `due_at`; `barred`: it is about the reader. A family's is answered at one stroke; any other is accepted, replied to and settled, each by its own day. */
export interface ComplaintCase {
  about: string | null
  accept_by: string | null
  accepted_at: string | null
  answer: string | null
  at: string
  barred: boolean
  caller: string
  complaint: string
  division: string
  division_name: string
  due_at: string | null
  elder: string | null
  finding: 'upheld' | 'partly' | 'not_upheld' | 'withdrawn' | null
  handler: string | null
  handler_name: string | null
  name_masked: string
  number: string | null
  overdue: boolean
  replied_at: string | null
  reply: string | null
  reply_by: string | null
  settle_by: string
  settled_at: string | null
  source: 'family' | 'hotline' | 'letter' | 'visit' | 'phone' | 'inspection'
  step: 'accept' | 'reply' | 'settle' | 'answer' | null
  subject: ComplaintSubject | null
  text: string
}

/** Who handles it: somebody at a desk of the own division, the caller where nobody is named. */
export interface ComplaintHandler {
  handler?: string | null
}

/** A complaint; `by` and `elder` are masked in the supervisor's list. */
export interface ComplaintLine {
  about: string | null
  answer: string | null
  answered_at: string | null
  at: string
  by: string
  complaint: string
  due_at: string
  elder: string
  name_masked: string
  overdue: boolean
  text: string
}

/** What was told to whoever complained. */
export interface ComplaintReply {
  text: string
}

/** What was found, and what was told. */
export interface ComplaintSettled {
  finding: 'upheld' | 'partly' | 'not_upheld' | 'withdrawn'
  text: string
}

/** Whom a complaint is about: a seat's account, a responder, a provider; the platform as a whole has no id. */
export interface ComplaintSubject {
  id?: string | null
  kind: 'seat' | 'responder' | 'provider' | 'platform'
}

/** How a visit ended. */
export interface Completion {
  at?: string | null
  note?: string
  outcome?: 'helped' | 'hospital' | 'false_press' | 'refused' | 'other'
}

/** Somebody asked or coming: the state of the offer, the role and the way come so far, oldest first. */
export interface Concerned {
  accepted_at: string | null
  arrived_at: string | null
  division: string
  eta_s: number | null
  incident: string | null
  kind: string
  lat: number
  lon: number
  name_masked: string
  offer: string | null
  on_duty: boolean
  phone_only: boolean
  reachable: boolean
  responder: string
  role: 'first' | 'second' | 'backup' | null
  seen_at: string | null
  state: string | null
  track: TrackPoint[]
}

/** The first six digits prove that the app has the key. */
export interface ConfirmAuthenticator {
  code: string
}

/** Elder and address are right: said by voice at the first press, or ticked by the installer. */
export interface Confirmation {
  how: 'voice' | 'tick'
}

/** What an elder has agreed to; `wording` says which text was shown to both. */
export interface Consent {
  given_at: string
  given_by: 'elder' | 'worker'
  how: 'own_page' | 'in_person' | 'telephone' | 'paper'
  may: ('calls' | 'health' | 'devices' | 'orders')[]
  name_masked: string
  relation: 'daughter' | 'son' | 'spouse' | 'daughter_in_law' | 'son_in_law' | 'grandchild' | 'sibling' | 'relative' | 'friend'
  wording: string
}

/** Eight digits to be told to the one it was given for; they are shown this once. */
export interface ConsentCode {
  code: string
  until: string
}

/** What she agrees to; `guardian` is who agreed for her, `wording` which text was read out or signed. */
export interface ConsentForm {
  guardian?: string | null
  how: 'paper' | 'in_person' | 'telephone' | 'own_page'
  purpose: 'care' | 'health' | 'position' | 'recording' | 'home_entry' | 'research'
  wording: string
}

/** One that was given, and taken back if `ended_at` says so. */
export interface ConsentRecord {
  ended_at: string | null
  given_at: string
  guardian?: string | null
  how: 'paper' | 'in_person' | 'telephone' | 'own_page'
  id: string
  purpose: 'care' | 'health' | 'position' | 'recording' | 'home_entry' | 'research'
  wording: string
}

/** Family or keyholder, in calling order. */
export interface ContactCard {
  has_key: boolean
  name: string
  ord: number
  phone: string
  relation: string
}

/** Somebody to telephone; `from_h` to `until_h` are the hours in which to be reached, over midnight if need be. */
export interface ContactForm {
  from_h?: number
  has_key?: boolean
  name: string
  phone: string
  relation: string
  until_h?: number
}

/** One with its place in the order of calling; `due` when nobody has asked for 180 days whether it still holds. */
export interface ContactRecord {
  confirmed_at: string | null
  due: boolean
  from_h: number
  has_key: boolean
  name: string
  ord: number
  phone: string
  relation: string
  until_h: number
}

/** Somebody asks for what is held about her; `note`: who, and what paper showed it. It stays out of the log. */
export interface CopyAsked {
  note: string
}

/** Something was reported wrong or too late: said beside what stands, which stays. */
export interface Correction {
  field: 'arrival' | 'leaving' | 'evidence' | 'people' | 'duration' | 'other'
  note: string
}

/** An incident behind a figure. `seconds` by stage, only those it has reached. */
export interface CountedIncident {
  cls: string
  division: string
  incident: string
  kind: string
  model: string | null
  name_masked: string
  outcome: string | null
  place: string | null
  priority: number
  provider: string | null
  recorded_at: string
  responder: string | null
  responder_masked: string | null
  seconds: Record<string, number>
  state: string
}

/** A page of them, the newest first. `n` are all of them. */
export interface CountedIncidents {
  as_of: string
  items: CountedIncident[]
  n: number
  next: string | null
}

/** A division's coverage at this moment, its parts, and the holes in it, the largest first. */
export interface Coverage {
  above: DivisionLine[]
  at: string
  division: string
  holes: CoverageHole[]
  lines: CoverageLine[]
  name: string
  target_s: number
  total: CoverageLine
}

/** About a square kilometre where nobody would be in time. */
export interface CoverageHole {
  division: string
  elders: number | null
  eta_s: number | null
  lat: number
  lon: number
}

/** How soon somebody could be with the elders of a division. Fewer than five elders are not told (`elders` and `beyond` null). Minutes are predicted from where people on duty were last seen, null when nobody is; `beyond` is how many elders nobody reaches in time. */
export interface CoverageLine {
  beyond: number | null
  division: string
  elders: number | null
  name: string
  on_duty: number
  p50_s: number | null
  p90_s: number | null
  ready: number
  within: number | null
}

/** Why not: busy, too_far, unwell, off_duty, no_transport or other. An accepted offer can be given back. */
export interface Decline {
  reason?: 'busy' | 'too_far' | 'unwell' | 'off_duty' | 'no_transport' | 'other'
}

/** What a stage means: from what to what, which facts of the log tell it, and what it should be. */
export interface Definition {
  means: Words
  name: Words
  stage: 'recorded' | 'rung' | 'taken' | 'offered' | 'accepted' | 'departed' | 'arrived' | 'with_elder' | 'closed'
  tags: string[]
  targets: number[]
}

/** What is counted, what is left out, and how percentiles are reckoned. */
export interface Definitions {
  error: number
  left_out: Words
  percentiles: Words
  small_cells: Words
  stages: Definition[]
}

/** `POST /channel/v1/reports`: what became of a message, signed with the exchange's secret. `id` is the one the exchange was given. A call is `answered` when a key was pressed (`key`), `delivered` when somebody listened, else `busy`, `no_answer` or `off`; a text is `delivered` or `failed`, with a word why, and `answered` with the words that came back (`reply`), which are read for a key and kept nowhere. */
export interface DeliveryReport {
  id: string
  key?: string | null
  reason?: string | null
  reply?: string | null
  status: 'delivered' | 'answered' | 'failed' | 'busy' | 'no_answer' | 'off'
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

/** One desk over the whole period; `flood_since`: a flood is on. Unclaimed: how many at once, and the longest. */
export interface DeskLoad {
  alarms: number
  division: string
  flood_share: number
  flood_since: string | null
  longest_unclaimed_s: number
  mean_10min: number
  most_unclaimed: number
  name: string | null
  now_10min: number
  unclaimed: number
  worst_10min: number
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

/** Somebody says that it was not as it should be. */
export interface Dispute {
  note?: string
  reason: 'not_served' | 'too_short' | 'quality' | 'damage' | 'money' | 'other'
}

/** A division in a list. */
export interface DivisionLine {
  code: string
  name: string
  parent: string | null
}

/** Ways in besides a password; `sso` is the name of the office's sign-on, where there is one. */
export interface Doors {
  sso: string | null
}

/** One sign against a visit: how many points of a hundred it weighs, and the figures it was seen by. */
export interface Doubt {
  code: 'same_photo' | 'too_fast' | 'far' | 'short_stay' | 'shared_phone' | 'alike_photo' | 'no_proof' | 'shortish' | 'told_late' | 'old_photo' | 'phone_handed_on'
  params: Record<string, string | number>
  weight: number
}

/** A finished visit that somebody should look at. `score` 50 to 100; `at` is when she was left. `sound` is what a person has decided: true, it was as it should be; false, it was not; null, nobody has yet. */
export interface DoubtfulVisit {
  arrived_at: string
  at: string
  checked_at: string
  decided_at: string | null
  decided_by: string | null
  division: string
  division_name: string
  incident: string | null
  minutes: number
  name_masked: string
  order: string
  people: Visitor[]
  place: string
  reasons: Doubt[]
  score: number
  service: string
  service_name: string
  service_name_en: string
  sound: boolean | null
  why: string | null
}

/** A page of them, and of the last thirty days how many visits were looked at and what became of the doubtful. */
export interface DoubtfulVisits {
  items: DoubtfulVisit[]
  looked_at: number
  next: string | null
  sound: number
  unsound: number
  waiting: number
}

/** A drill and who takes part. */
export interface DrillLine {
  at: string
  by: string
  division: string
  incident: string
  people: string[]
  state: string
}

/** An elder of whom something has to be asked again: a contact, or her assessment; null was never done. */
export interface DueLine {
  contact: number | null
  division: string
  elder: string
  name_masked: string
  since: string | null
}

/** On duty or not, and where. */
export interface Duty {
  lat?: number | null
  lon?: number | null
  on: boolean
}

/** `d` of `duty.ask`, for one person at a seat: are you still there? (还在值守吗). */
export interface DutyAsk {
  division: string
  until: string
}

/** Who is on duty in scope and above it; `mine` is the reader's own seat. */
export interface DutyBoard {
  hand_overs: HandOverLine[]
  mine: SeatLine | null
  posts: PostLine[]
}

/** A responder without a console goes on duty or off, by telephone. */
export interface DutyFor {
  on: boolean
}

/** A time in which nobody of a division said that she is there; `until` is null while it lasts. */
export interface DutyGap {
  division: string
  division_name: string
  since: string
  until: string | null
}

/** `d` of `duty.handed_over`, for whoever takes over. */
export interface DutyHandedOver {
  division: string
  from_name: string
  incidents: string[]
  note: string
}

/** 值班日志: who sat where, when nobody did. Turns and gaps that touch the period, the newest first. */
export interface DutyLog {
  above: Area[]
  answered: number
  as_of: string
  asked: number
  division: string
  gaps: DutyGap[]
  hand_overs: HandOverLine[]
  name: string
  since: string
  turns: DutyTurn[]
  uncovered_s: number
  until: string
}

/** The telephone that rings at a division's duty desk; null for none. */
export interface DutyPhone {
  phone: string | null
}

/** Duty as it stands. */
export interface DutyState {
  lat?: number | null
  lon?: number | null
  on: boolean
  shift_until: string | null
}

/** One seat's watch. `until` is null while it lasts; `ended` by leaving, handing over or silence. `asked`: how often she was asked whether she is there (查岗); `answered`: how often she said so in time; `slowest_s`: the longest she took. */
export interface DutyTurn {
  account: string
  answered: number
  asked: number
  division: string
  division_name: string
  ended: 'left' | 'handed_over' | 'lapsed' | null
  handed_to: string | null
  name: string
  since: string
  slowest_s: number | null
  until: string | null
}

/** `d` of `duty.updated` and `duty.uncovered`, for desks over the division. */
export interface DutyUpdated {
  covered_by: string | null
  division: string
  name: string | null
  on_duty: number
  uncovered_since: string | null
}

/** An elder as shown during an incident; a list shows `name_masked` only. */
export interface ElderCard {
  age: number | null
  allergies?: string | null
  assessment: number | null
  break_in: boolean
  dialect: string | null
  health: string | null
  id: string
  lives_alone: boolean
  medicine?: string | null
  name: string
  phone: string | null
  plan_until?: string | null
  sex: string | null
  status: string
  temp_address?: string | null
}

/** What is arranged from the beginning of `since`, for a week, in order. */
export interface ElderDay {
  items: Arrangement[]
  since: string
}

/** An elder as the desk writes her, with her home; what is left out is empty from then on. WGS-84. */
export interface ElderForm {
  address: string
  allergies?: string | null
  born?: number | null
  break_in?: boolean
  dementia?: boolean
  dialect?: string | null
  division: string
  door_code?: string | null
  floor?: number | null
  gender_wish?: 'f' | 'm' | null
  health?: string | null
  home?: string | null
  id_number?: string | null
  key_place?: string | null
  last_wishes?: string | null
  lat: number
  lift?: boolean | null
  lives_alone?: boolean
  lon: number
  medicine?: string | null
  name: string
  phone?: string | null
  risk?: 'low' | 'medium' | 'high' | null
  sex?: 'f' | 'm' | null
}

/** What her page shows; `hotline` is the duty telephone nearest to her, else the platform's. */
export interface ElderHome {
  address: string
  device: string
  family: Relative[]
  hotline: string
  name: string
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

/** Everything that is kept of an elder, for the desk in scope; `placed` is given, or the middle of her division. */
export interface ElderRecord {
  address: string
  allergies?: string | null
  assessed_until: string | null
  assessment: number | null
  assessments: AssessmentRecord[]
  born?: number | null
  break_in: boolean
  code: string | null
  consents: ConsentRecord[]
  contacts: ContactRecord[]
  dementia: boolean
  dialect?: string | null
  division: string
  division_names: string[]
  door_code?: string | null
  floor?: number | null
  gender_wish?: 'f' | 'm' | null
  health?: string | null
  home: string
  id: string
  id_number?: string | null
  key_place?: string | null
  last_wishes?: string | null
  lat: number
  lift?: boolean | null
  lives_alone: boolean
  lon: number
  medicine?: string | null
  name: string
  others_in_home: string[]
  phone?: string | null
  placed: 'given' | 'division'
  portrait: Portrait | null
  risk?: 'low' | 'medium' | 'high' | null
  risk_at: string | null
  sex?: 'f' | 'm' | null
  status: string
}

/** How an elder is at present, as decisions see her. */
export interface ElderState {
  break_in: boolean
  dementia: boolean
  elder: string
  plan_until: string | null
  status: string
  status_from: string | null
  status_source: string | null
  status_until: string | null
  temp_address: string | null
  temp_lat: number | null
  temp_lon: number | null
  temp_until: string | null
}

/** What is known of her in another open event, if that is newer. */
export interface Elsewhere {
  at: string
  event: string
  state: 'not_reached' | 'safe' | 'needs_transfer' | 'refused' | 'transferred' | 'sheltered' | 'home' | 'missing'
  title: string
}

/** No more of it; what has been placed ahead is cancelled. */
export interface EndSeries {
  reason: 'elder_asks' | 'family_asks' | 'hospital' | 'moved' | 'died' | 'mistake' | 'weather' | 'other'
}

/** `at_once` also ends somebody who is on an open case. */
export interface Ending {
  at_once?: boolean
}

/** Something that was written down about somebody; `state` is what it led to. */
export interface EntryLine {
  at: string
  by: string
  call: 'answered' | 'no_answer' | 'busy' | 'off' | null
  how: 'call' | 'visit' | 'list' | 'job'
  id: string
  note: string | null
  place: string | null
  state: 'not_reached' | 'safe' | 'needs_transfer' | 'refused' | 'transferred' | 'sheltered' | 'home' | 'missing'
  was: 'not_reached' | 'safe' | 'needs_transfer' | 'refused' | 'transferred' | 'sheltered' | 'home' | 'missing'
  with_whom: string | null
}

/** Ring the next level now. */
export interface Escalation {
  reason?: string
}

/** An event in a list. `figures` count what lies in the reader's scope. */
export interface EventLine {
  areas: string[]
  closed_at: string | null
  closed_by: string | null
  division: string
  drill: boolean
  enrolling: boolean
  event: string
  figures: Figures
  incident: string
  kind: 'outage' | 'storm' | 'flood' | 'heat' | 'cold' | 'fire' | 'epidemic' | 'other'
  opened_at: string
  opened_by: string
  outage: string | null
  state: 'open' | 'closed'
  title: string
  ver: number
}

/** An event with its villages. */
export interface EventView {
  areas: string[]
  closed_at: string | null
  closed_by: string | null
  closing_note: string | null
  division: string
  drill: boolean
  enrolling: boolean
  event: string
  figures: Figures
  incident: string
  kind: 'outage' | 'storm' | 'flood' | 'heat' | 'cold' | 'fire' | 'epidemic' | 'other'
  opened_at: string
  opened_by: string
  outage: string | null
  state: 'open' | 'closed'
  title: string
  ver: number
  villages: VillageFigures[]
}

/** One thing that was handed in; its content is at `/evidence/{id}`. `sha256` is in hex, as in the log. */
export interface EvidenceLine {
  at: string
  by: string
  id: string
  job: string | null
  kind: 'photo' | 'signature' | 'voice' | 'report' | 'person'
  media: string
  report: VisitReport | null
  sha256: string
  size: number
  taken_at: string | null
}

/** What is wanted at the end of the visit, and what has been handed in, oldest first. */
export interface EvidenceList {
  items: EvidenceLine[]
  wanted: ('photo' | 'signature' | 'note')[]
}

/** Why these people: each offer with its score parts, who was passed over, and what is waited for. */
export interface Explanation {
  incident: string
  job: string
  kind: string
  offers: OfferLine[]
  policy: Record<string, unknown>
  priority: number
  state: string
  waits: WaitLine[]
  waves: AskingWave[]
}

/** Whether it may. */
export interface ExportDecision {
  allowed: boolean
}

/** A list that was asked for; it may be taken once, within a day of being allowed. */
export interface ExportLine {
  allowed: boolean | null
  asked_at: string
  asked_by: string
  decided_at: string | null
  decided_by: string | null
  id: string
  mine: boolean
  reason: string
  sheet: string
  taken_at: string | null
  within: string
}

/** A second factor. */
export interface FactorLine {
  added_at: string
  id: string
  kind: 'totp' | 'passkey'
  name: string
  used_at: string | null
}

/** A signed plan for somebody who often presses by mistake: the desk speaks first, until then; null ends it. */
export interface FalsePressPlan {
  until: string | null
}

/** A call for help in a list. */
export interface FamilyCall {
  closed_at: string | null
  elder: string
  incident: string
  kind: string
  opened_at: string
  outcome: string | null
  rating: number | null
  state: string
}

/** A call for help as it stands. `health` and `notes` are null unless the elder has agreed to them. */
export interface FamilyCallView {
  address: string
  drill: boolean
  health: string | null
  helpers: FamilyHelper[]
  line: FamilyCall
  name: string
  notes: FamilyNote[] | null
  presses: number
  steps: FamilyStep[]
}

/** Nobody comes, nothing is charged. */
export interface FamilyCancel {
  reason?: 'elder_asks' | 'family_asks' | 'hospital' | 'moved' | 'died' | 'mistake' | 'weather' | 'other'
}

/** A device of hers: `test_until` while presses are tests; `tested_at` is the last test that came through. */
export interface FamilyDevice {
  batt: number | null
  faults: string[]
  id: string
  kind: string
  mains: boolean | null
  model: string
  online: boolean | null
  pressed_at: string | null
  seen_at: string | null
  self_tested_at: string | null
  test_until: string | null
  tested_at: string | null
}

/** Somebody who comes or came: her badge (name, what she is, number, organisation), when she is to be there. `portrait`: her face, at `GET /family/portraits/{portrait}`, until half an hour after she has left. */
export interface FamilyHelper {
  accepted_at: string
  arrived_at: string | null
  departed_at: string | null
  due_at: string
  ended_at: string | null
  kind: string
  name: string
  number: string
  organisation: string | null
  portrait: string | null
  state: string
  with_elder_at: string | null
}

/** Everybody the caller may see. An empty list: nobody has agreed yet. */
export interface FamilyHome {
  elders: Parent[]
  name: string
  phone_masked: string
}

/** The telephone and the digits that came to it. */
export interface FamilyLogin {
  code: string
  phone: string
}

/** `d` of `family.call` and `family.changed`: fetch what it names; nothing else is in it. */
export interface FamilyNews {
  elder: string
  incident?: string | null
}

/** What somebody at the desk or at her side wrote. */
export interface FamilyNote {
  at: string
  text: string
}

/** An order as the family sees it: the money in fen, who comes, how far she is. */
export interface FamilyOrder {
  absent_cents: number | null
  cancellable: boolean
  charged_cents: number | null
  helpers: FamilyHelper[]
  line: OrderLine
  own_cents: number | null
  price_cents: number | null
  rating: number | null
  subsidy_cents: number | null
}

/** One line of what happened; `who` came, `service` (120, 110, 119) was called. */
export interface FamilyStep {
  at: string
  id: string
  service?: string | null
  what: string
  who?: string | null
}

/** A service for the parent, to begin within the window. */
export interface FamilyWish {
  note?: string
  service: string
  window_from: string
  window_to: string
}

/** Something that was or is wrong; `outage` where many were silent at once. */
export interface FaultLine {
  ended_at: string | null
  fault: string
  kind: string
  opened_at: string
  outage: string | null
}

/** One line. `key` is a division's code, an hour 0 to 23, a weekday 1 (Monday) to 7, a month 2026-11, a kind. `key` is null for everything together, for `rest`, and where it is not known. `rest`: how many groups of fewer than five incidents are merged into this line. `n` are incidents; all groups together are the total. `incidents` is the address of the list behind the line (add `&stage=` for one stage, `&late=900` for those past such a target); `within` that of the same report one level of divisions down. */
export interface FigureGroup {
  incidents: string
  key: string | null
  n: number
  name: string | null
  rest: number
  stages: StageFigures[]
  within?: string | null
}

/** How many people, and how many in each state; the states add up to `people`. */
export interface Figures {
  home: number
  missing: number
  needs_transfer: number
  not_reached: number
  people: number
  refused: number
  safe: number
  sheltered: number
  transferred: number
}

/** Devices of a division: all, by the divisions below it, by model and by kind. */
export interface Fleet {
  above: Area[]
  areas: FleetLine[]
  at: string
  definition: Words
  division: string
  kinds: FleetLine[]
  models: FleetLine[]
  name: string
  total: FleetCount
}

/** Devices in use and how they are; shares are of `devices`. */
export interface FleetCount {
  devices: number
  faults: number
  low_batt: number
  online: number
  online_share: number | null
  silent_24h: number
  tested_30d: number
  tested_share: number | null
}

/** The same of one division, model or kind; `key` is its code. */
export interface FleetLine {
  devices: number
  faults: number
  key: string
  low_batt: number
  name: string
  online: number
  online_share: number | null
  silent_24h: number
  tested_30d: number
  tested_share: number | null
}

/** What was answered to a guided question, both by their codes. */
export interface GuidedAnswer {
  answer: string
  question: string
}

/** What one seat has left to the next. */
export interface HandOverLine {
  at: string
  division: string
  from_name: string
  id: string
  incidents: string[]
  note: string
  to_division: string
  to_name: string
}

/** 120, 110 or 119 was telephoned, or need not be; `ref` is the other side's own number for it. */
export interface Handoff {
  note?: string
  ref?: string
  result: 'connected' | 'no_answer' | 'not_needed'
  service: '120' | '110' | '119'
}

/** One number to be telephoned: why, with which area code, and what came of it. */
export interface HandoffLine {
  area?: string | null
  break_in?: boolean | null
  made_at?: string | null
  prompted_at?: string | null
  ref?: string | null
  result?: string | null
  why?: string | null
}

/** A hazard as it stands. `judge`: the reader may say whether it is done, being neither its owner nor who did it. */
export interface Hazard {
  closed_at: string | null
  closed_by: string | null
  complaint: string | null
  division: string
  division_name: string
  due_on: string
  fixed_at: string | null
  fixed_by: string | null
  fixed_note: string | null
  found_at: string
  found_by: string
  grade: 'general' | 'major'
  hazard: string
  judge: boolean
  kind: 'device' | 'home' | 'staffing' | 'provider' | 'network' | 'other'
  measure: string
  mine: boolean
  overdue: boolean
  owner: string
  owner_name: string
  remark: string | null
  returned: number
  state: 'open' | 'fixed' | 'closed'
  text: string
}

/** What was done. */
export interface HazardFixed {
  note: string
}

/** Why it is not done yet. */
export interface HazardReturned {
  remark: string
}

/** What a seat has taken, as it shows it; answered with what it holds indeed. */
export interface Held {
  incidents: string[]
}

/** A policy with its version, and the mode that holds. */
export interface HeldPolicy {
  access_s: number
  arrival_s: number
  at_once: string[]
  call_back_s: number
  call_in: string[]
  canary_s: number
  check_in_s: number
  confirm_s: number
  cover_s: number
  entry_s: number
  late_times: number
  lost_s: number
  mode: 'peace' | 'war'
  night_from_h: number
  night_until_h: number
  review_s: number
  rules: Record<string, Rule>
  searchers: number
  stall_s: number
  version: number
  voice_s: number
  volunteers_from_h: number
  volunteers_until_h: number
  war: War
  zone_min: number
}

/** Somebody who comes. */
export interface Helper {
  id: string
  name: string
}

/** Who can move it on: a seat, whoever goes, or nobody yet (both null). */
export interface Holder {
  account: string | null
  name_masked: string | null
  responder: string | null
  seat: string | null
}

/** Where a path would end in nothing: `field` is a path into the policy. */
export interface Hole {
  en: string
  field: string
  zh: string
}

/** Everything that must be mended; empty for a sound policy. */
export interface Holes {
  holes: Hole[]
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

/** The code on the label (二维码 NFC) put up at a home. */
export interface HomeCode {
  code: string
}

/** A home in a list. */
export interface HomeLine {
  division: string
  id: string
  place: string
}

/** A number that a person answers. */
export interface Hotline {
  hotline: string
}

/** What is wrong with a line of a table (0: the whole of it), as people read it. */
export interface ImportFault {
  code: string
  column: string | null
  en: string
  line: number
  zh: string
}

/** A table that was taken in. */
export interface ImportLine {
  added: number
  begun_at: string
  by: string
  changed: number
  division: string
  ended_at: string | null
  id: string
  refused: number
  rows: number
  same: number
  sheet: string
}

/** What became of a table, or would: `written` says which. At most 200 faults are listed. */
export interface ImportReport {
  added: number
  changed: number
  faults: ImportFault[]
  refused: number
  rows: number
  same: number
  sheet: string
  unknown: string[]
  written: boolean
}

/** Answer of the long poll: `events` (`ev` frames) above the position, or `snap` (a whole `snap` frame). */
export interface InboxPage {
  epoch: string
  events: Record<string, unknown>[]
  head: number
  mode: 'replay' | 'snapshot'
  snap: Record<string, unknown> | null
}

/** An incident's place and everybody it concerns; without a place `lat` and `lon` are null. */
export interface IncidentMap {
  away_m: number | null
  division: string
  home_lat: number | null
  home_lon: number | null
  incident: string
  kind: string
  lat: number | null
  lon: number | null
  people: Concerned[]
  place: string
  priority: number
  ver: number
}

/** What is kept about whom an incident is about, beside its page: read when it is opened. `portrait` is her face, `faces` are those of whoever goes, by their ids (`GET /portraits/{portrait}`). */
export interface IncidentRecord {
  answers: AnswerLine[]
  devices: RecordDevice[]
  faces: Record<string, string>
  past: PastIncident[]
  portrait: string | null
  reached: Reached[]
}

/** An incident step by step, for a map and a time line. `ended_at` is null while it goes on. */
export interface IncidentReplay {
  division: string
  division_name: string
  drill: boolean
  ended_at: string | null
  incident: string
  kind: string
  lat: number | null
  lon: number | null
  name_masked: string
  outcome: string | null
  place: string
  pressed_at: string
  priority: number
  state: string
  steps: ReplayStep[]
  tracks: ReplayTrack[]
}

/** An incident in the desk's queue, and `d` of `incident.…` events: replace by `incident` if `ver` rose. */
export interface IncidentRow {
  alarms: string[]
  asked: number
  asks_at?: string | null
  away_m?: number | null
  cleared_at?: string | null
  cls: string
  confirmed_at?: string | null
  covered_at?: string | null
  device: string | null
  devices?: number | null
  division: string
  drill: boolean
  elders?: number | null
  event?: string | null
  faults: RowFault[]
  flags: string[]
  going: AssignmentLine[]
  handoffs: Record<string, HandoffLine>
  hands: number
  held_until?: string | null
  holder: string | null
  holder_account: string | null
  incident: string
  job: string | null
  job_state: string | null
  kind: string
  linked_to: string | null
  merged_into?: string | null
  name_masked: string
  next_due: string | null
  opened_at: string
  order?: string | null
  outage?: string | null
  place: string
  pressed_at: string
  presses: number
  priority: number
  protects: boolean
  reopened_at?: string | null
  rung: number
  shelved_until?: string | null
  state: string
  taken_at: string | null
  undelivered: number
  ver: number
}

/** Everything the desk needs on one page. */
export interface IncidentView {
  assignments: AssignmentLine[]
  calls: CasesCallLine[]
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

/** A telephone exchange announces a call. `number` (or `from`) is the other side's; `call_id` is the exchange's own. The same `call_id` again is the same call. `seat` is the account of the seat that it rings at, if the exchange knows. */
export interface IncomingCall {
  at?: string | null
  call_id?: string
  direction?: 'in' | 'out'
  from: string
  line?: string
  seat?: string | null
}

/** An indicator with what it means. `better` says which way is good; `cases` whether its list can be opened. */
export interface Indicator {
  better: 'high' | 'low'
  cases: boolean
  code: string
  denominator: number | null
  few: boolean
  formula: Words
  group: 'answer' | 'arrival' | 'alarms' | 'reach' | 'care' | 'devices' | 'contacts' | 'protection'
  high: number | null
  low: number | null
  met: boolean | null
  name: Words
  numerator: number | null
  part: string
  source: Words
  target: number | null
  unit: 'share' | 'score'
  value: number | null
}

/** One that an indicator counts as missing its target: an incident, an elder or a device. `seconds` is how long it took, where it is about time; `reasons` are codes. */
export interface IndicatorCase {
  at: string | null
  division: string
  division_name: string
  id: string
  name_masked: string
  place: string
  reasons: string[]
  seconds: number | null
  what: 'incident' | 'elder' | 'device'
}

/** A division directly below, with its values by code (indicators told by parts are left out). */
export interface IndicatorLine {
  division: string
  name: string
  values: Record<string, IndicatorValue>
}

/** One indicator of one division. `value` is null where there is nothing to count; under five it is not told. `low` and `high` are a Wilson interval of 95 % where the indicator is a share of events. */
export interface IndicatorValue {
  denominator: number | null
  few: boolean
  high: number | null
  low: number | null
  met: boolean | null
  numerator: number | null
  value: number | null
}

/** The pack for a division and period; what is counted at this moment is as of `as_of`. */
export interface Indicators {
  above: Area[]
  as_of: string
  division: string
  items: Indicator[]
  lines: IndicatorLine[]
  name: string
  since: string
  until: string
}

/** A job for the one who goes: the full address, how to get in, whom to phone. */
export interface JobView {
  check_in_due?: string | null
  contacts: ContactCard[]
  desk_phone?: string | null
  drill: boolean
  elder: ElderCard | null
  going: AssignmentLine[]
  hand_in: ('photo' | 'signature' | 'note')[]
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

/** She agrees to what was shown, under this name. */
export interface KinBinding {
  code: string
  name: string
}

/** Somebody who may see something of an elder, as the elder and the desk see her. */
export interface KinLine {
  bound_at: string
  given_at: string
  given_by: 'elder' | 'worker'
  how: 'own_page' | 'in_person' | 'telephone' | 'paper'
  kin: string
  may: ('calls' | 'health' | 'devices' | 'orders')[]
  name: string
  name_masked: string
  relation: 'daughter' | 'son' | 'spouse' | 'daughter_in_law' | 'son_in_law' | 'grandchild' | 'sibling' | 'relative' | 'friend'
  wording: string
}

/** A place that helps to find the way: a station, a clinic, a town hall. */
export interface Landmark {
  kind: string
  lat: number
  lon: number
  name: string
}

/** `d` of `load.flood` and `load.calm`, for desks over the division: a flood has begun, or is over. */
export interface LoadFlood {
  alarms: number
  division: string
  name: string | null
  since: string
}

/** Alarm load from `since` to `until`, drills left out. `shares`: in a flood, whom each waiting one is offered to. `since` is later than asked for where there were more alarms than are read at once. */
export interface LoadReport {
  alarms: number
  desks: DeskLoad[]
  seats: SeatLoad[]
  shares: Record<string, string>
  shelved: number
  since: string
  sources: LoadSource[]
  stale: StaleLine[]
  until: string
}

/** A noisy source (a device, or who it is about); shares of all alarms, 0 to 1; `noise` ended as no real need. */
export interface LoadSource {
  alarms: number
  chatters: boolean
  cumulative: number
  division: string
  kind: string
  noise: number
  share: number
  source: string
}

/** Credentials of a person. */
export interface Login {
  password: string
  username: string
}

/** Everybody on duty or on a job in a division; `more`: only the first thousand are told. */
export interface MapPeople {
  division: string
  items: MapPerson[]
  more: boolean
}

/** Somebody on duty or on a job, and where; `seen_at` null: her station, for nobody has told where she is. */
export interface MapPerson {
  division: string
  incident: string | null
  kind: string
  lat: number
  lon: number
  name_masked: string
  on_duty: boolean
  phone_only: boolean
  reachable: boolean
  responder: string
  seen_at: string | null
  state: string | null
}

/** Stretches of road within some bounds: from lat, lon to lat, lon. */
export interface MapRoads {
  more: boolean
  stretches: [number, number, number, number][]
}

/** A division's border as GeoJSON (Polygon or MultiPolygon); `drawn`: about its places, not surveyed. */
export interface MapShape {
  code: string
  drawn: boolean
  geometry: Record<string, unknown>
  name: string
  parent: string | null
}

/** A division with the ones directly below it; `above` leads from the caller's own down to it. */
export interface MapShapes {
  above: DivisionLine[]
  bounds: [number, number, number, number] | null
  division: string
  landmarks: Landmark[]
  name: string
  shapes: MapShape[]
}

/** Where the picture under the map comes from, as the operator has set it; `none` is our own plain drawing. `layers` are addresses with {z}, {x} and {y}, the lowest first; `crs` is what they are drawn in. The attribution is shown whenever they are. */
export interface MapSource {
  attribution: string
  crs: 'wgs84' | 'gcj02'
  kind: 'none' | 'tianditu' | 'amap' | 'pmtiles'
  layers: string[]
  max_zoom: number
}

/** What was found out about people: at most 50 at once, as a couple whom one call has reached. `state` null: only that a call was tried. `transferred` and `sheltered` say where (`place`), `transferred` with whom; back to `not_reached` is a correction and says why (`note`). */
export interface Mark {
  call?: 'answered' | 'no_answer' | 'busy' | 'off' | null
  elders: string[]
  how?: 'call' | 'visit' | 'list'
  note?: string
  place?: string
  state?: 'not_reached' | 'safe' | 'needs_transfer' | 'refused' | 'transferred' | 'sheltered' | 'home' | 'missing' | null
  with_whom?: string
}

/** `d` of `mass.updated`, for desks over or within the event: how the list stands. */
export interface MassUpdated {
  drill: boolean
  event: string
  figures: Figures
  incident: string
  kind: 'outage' | 'storm' | 'flood' | 'heat' | 'cold' | 'fire' | 'epidemic' | 'other'
  state: 'open' | 'closed'
  title: string
  ver: number
  what: string
}

/** The incident that this one turned out to be; that one stays. */
export interface Merging {
  into: string
  reason?: string
}

/** One message about an incident, without its words: they are made when it is sent and kept nowhere. */
export interface MessageView {
  answer: string | null
  attempts: number
  channel: 'sms' | 'voice' | 'push' | 'family'
  delivered_at: string | null
  drill: boolean
  ended_at: string | null
  expires_at: string
  id: string
  name_masked: string
  offer: string | null
  reason: string | null
  sent_at: string | null
  state: 'queued' | 'sending' | 'sent' | 'delivered' | 'answered' | 'failed' | 'expired' | 'withheld'
  template: string
  to: string
  to_kind: 'responder' | 'contact' | 'seat' | 'elder'
  wanted_at: string
}

/** Everything that was sent about one incident, oldest first. */
export interface Messages {
  items: MessageView[]
}

/** Peace or war (平战结合), why, and in war until when: at most a week, and it ends by itself. */
export interface ModeChange {
  reason?: string
  until?: string | null
  war: boolean
}

/** `d` of `mode.changed`, for desks over and within the division. */
export interface ModeChanged {
  by: string
  division: string
  name: string | null
  reason: string
  until: string | null
  war: boolean
}

/** A change of the mode of a division, or how it stands. */
export interface ModeLine {
  at: string
  by: string
  division: string
  name: string | null
  reason: string
  until: string | null
  war: boolean
}

/** How a division works at present: its own mode, that of those above it which counts here, and every change. */
export interface ModeView {
  by_division: string | null
  changes: ModeLine[]
  division: string
  war: boolean
}

/** 月报: a line for each division directly below, for what belongs to none of them, and for the whole. */
export interface Monthly {
  above: Area[]
  as_of: string
  columns: MonthlyColumn[]
  division: string
  items: MonthlyLine[]
  name: string
  since: string
  total: MonthlyLine
  until: string
}

/** One column of the month's table, with what it counts; `share` is of 1. */
export interface MonthlyColumn {
  code: string
  means: Words
  name: Words
  share: boolean
}

/** A division with its values in the order of the columns; null where there is nothing to divide by, or too few. */
export interface MonthlyLine {
  division: string
  name: string
  values: (number | null)[]
}

/** A job that this person had part in. `wait_s` is from the press to accepting, `way_s` from there to the door. */
export interface MyJob {
  accepted_at: string
  arrived_at: string | null
  drill: boolean
  end_reason: string | null
  ended_at: string | null
  incident: string
  job: string
  kind: string
  name_masked: string
  opened_at: string
  place: string
  priority: number
  rating: number | null
  state: string
  wait_s: number | null
  way_s: number | null
}

/** Jobs of the last days, newest first, with what they took; drills are listed and not counted. `stars` counts ratings of one to five. */
export interface MyJobs {
  items: MyJob[]
  since: string
  stars: [number, number, number, number, number]
  wait: Spread
  way: Spread
}

/** A visit that this person is booked for. `leg_m` is the straight line from the one before, in metres. */
export interface MyVisit {
  address: string | null
  hands: number
  incident: string | null
  lat: number | null
  leg_m: number | null
  lon: number | null
  minutes: number
  name_masked: string
  order: string
  service_name: string
  service_name_en: string
  starts_at: string | null
  state: string
  window_from: string
  window_to: string
}

/** The visits of a day in the order in which they are made. */
export interface MyVisits {
  day: string
  items: MyVisit[]
}

/** Somebody who is neither safe nor back home when the event ends, and what becomes of her. */
export interface Named {
  elder: string
  why: string
}

/** Whom to ask (offer) or to send (order, 指派). */
export interface Naming {
  reason?: string
  responder: string
}

/** Somebody who will work with Yinling; `responder` names the person in the registry, `sso` the office's subject. */
export interface NewAccount {
  division: string
  name: string
  responder?: string | null
  role: 'responder' | 'desk' | 'supervisor' | 'admin' | 'installer' | 'office' | 'auditor' | 'security'
  sso?: string | null
  username: string
}

/** What the seats of `to_division` may read of `division` until `until`, seven days at most. */
export interface NewAid {
  division: string
  reason: string
  to_division: string
  until: string
}

/** An authenticator that is being added. */
export interface NewAuthenticator {
  name: string
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

/** A complaint that came from outside. `number` is the source's own; `caller` says who complains and how to reach them; `about` is an incident or an order. */
export interface NewCase {
  about?: string | null
  caller: string
  division: string
  elder?: string | null
  number?: string | null
  source: 'hotline' | 'letter' | 'visit' | 'phone' | 'inspection'
  subject?: ComplaintSubject | null
  text: string
}

/** Something was not right; a supervisor answers by a day that is told at once. */
export interface NewComplaint {
  about?: string | null
  text: string
}

/** What the elder agrees to, and how it is known that she does. */
export interface NewConsent {
  how?: 'own_page' | 'in_person' | 'telephone' | 'paper'
  may?: ('calls' | 'health' | 'devices' | 'orders')[]
  relation: 'daughter' | 'son' | 'spouse' | 'daughter_in_law' | 'son_in_law' | 'grandchild' | 'sibling' | 'relative' | 'friend'
}

/** 演练: the same with nobody in need. Only `people` (responders) are written to or telephoned, if anybody is. */
export interface NewDrill {
  elder: string
  kind?: 'sos' | 'fall' | 'vital' | 'smoke' | 'gas' | 'fence_exit' | 'water'
  note?: string
  people?: string[]
}

/** Open an event over areas, or make an event of an `outage`, whose silent devices then say who is on the list. */
export interface NewEvent {
  areas?: string[]
  drill?: boolean
  kind?: 'outage' | 'storm' | 'flood' | 'heat' | 'cold' | 'fire' | 'epidemic' | 'other'
  outage?: string | null
  title: string
}

/** A list that shall leave the house, and why. Somebody else has to allow it. */
export interface NewExport {
  reason: string
  sheet: 'elders' | 'contacts'
  within: string
}

/** What could go wrong, what is done about it, who answers for that, by the end of which day. */
export interface NewHazard {
  complaint?: string | null
  division: string
  due_on: string
  grade: 'general' | 'major'
  kind: 'device' | 'home' | 'staffing' | 'provider' | 'network' | 'other'
  measure: string
  owner: string
  text: string
}

/** A service for an elder, to begin within the window. A draft is not planned until it is confirmed. */
export interface NewOrder {
  draft?: boolean
  elder: string
  note?: string
  provider?: string | null
  service: string
  telephoned?: 'elder' | 'family' | null
  window_from: string
  window_to: string
}

/** A passkey to be kept, under a name its owner knows it by. */
export interface NewPasskey {
  credential: Record<string, unknown>
  name: string
  step: string
}

/** A password of one's own. */
export interface NewPassword {
  new: string
  old: string
}

/** A version of a price, from a day on; what held until further notice ends there. */
export interface NewPrice {
  absent_permille?: number
  cents: number
  division: string
  since: string
  subsidy_permille?: number
  until?: string | null
}

/** A service that comes again: FREQ=DAILY|WEEKLY|MONTHLY with INTERVAL, BYDAY, BYMONTHDAY, COUNT (RFC 5545). */
export interface NewSeries {
  elder: string
  first_day: string
  first_min: number
  last_min: number
  provider?: string | null
  rule: string
  service: string
  skipped?: string[]
  until?: string | null
}

/** A line of a division's own catalogue; one of the proofs named is wanted on coming, and one on leaving. All of `hand_in` is handed in at the end of a visit. */
export interface NewService {
  division: string
  evidence_arrive?: ('position' | 'home_code' | 'button')[]
  evidence_leave?: ('position' | 'home_code' | 'button')[]
  hand_in?: ('photo' | 'signature' | 'note')[]
  hands?: number
  minutes: number
  name: string
  name_en?: string
  offered?: boolean
  skills?: string[]
  welfare?: boolean
}

/** A device that comes to be by being bound. */
export interface NewThing {
  id: string
  kind: 'button' | 'wearable' | 'hub' | 'sensor' | 'sms'
  model: string
}

/** A wallboard for one division (the caller's own where none is named), for so many days. */
export interface NewTicket {
  days?: number
  division?: string
  label: string
}

/** A line in the timeline. */
export interface Note {
  text: string
}

/** What somebody wrote. */
export interface NoteLine {
  about: string
  at: string
  by: string
  text: string
}

/** Ring whoever holds it: the seat, or its desk where no seat has taken it; or the one who goes. */
export interface Nudge {
  text?: string
  to?: 'seat' | 'responder'
}

/** Who was rung: a seat or a responder by name, or a desk (`name_masked` null). Again after a minute at soonest. */
export interface Nudged {
  at: string
  incident: string
  name_masked: string | null
  nudge: string
  to: 'seat' | 'responder' | 'desk'
}

/** One person asked: sent, shown, rang, answered. */
export interface OfferLine {
  answered_at: string | null
  dist_m: number
  eta_s: number
  how: 'asked' | 'offered' | 'ordered' | 'moved'
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

/** People at work; `ready` can be reached and are on no job, `silent` seats cannot be rung. */
export interface OnDuty {
  busy: number
  ready: number
  responders: number
  seats: number
  silent: number
  uncovered: number
}

/** Shown once; it opens nothing but its own change, and not after `until`. */
export interface OneTimePassword {
  account: AccountLine
  password: string
  until: string
}

/** Open incidents of one priority (orders and drills left out); `oldest_s` is how long the oldest has stood. */
export interface OpenLine {
  nobody_coming: number
  oldest_s: number | null
  open: number
  priority: number
  to_close: number
  unclaimed: number
  under_way: number
  with_elder: number
}

/** One look behind a mask, for those who judge it; `mine`: the reader's own, which others judge. */
export interface Opening {
  account: string
  account_division: string
  at: string
  division: string
  elder: string
  id: string
  kind: 'reveal' | 'break_glass' | 'file' | 'erasure'
  mine: boolean
  name: string
  note: string
  overdue: boolean
  reason: 'incident' | 'call_back' | 'visit' | 'correction' | 'complaint' | 'asked_by_her' | 'danger'
  remark: string | null
  review_by: string | null
  reviewed_at: string | null
  reviewed_by: string | null
  right: boolean | null
}

/** An order in a list. `written_by` is the name of the account that wrote it down; a series writes its own. */
export interface OrderLine {
  arrived_at: string | null
  begun_at: string | null
  callback_at: string | null
  callback_tries: number
  division: string
  elder: string
  ended_why: string | null
  fulfilled_at: string | null
  hands: number
  incident: string | null
  minutes: number
  name_masked: string
  order: string
  people: Helper[]
  provider: string | null
  series: string | null
  service: string
  service_name: string
  service_name_en: string
  starts_at: string | null
  state: 'draft' | 'placed' | 'scheduled' | 'dispatched' | 'fulfilled' | 'closed' | 'rescheduled' | 'cancelled' | 'missed' | 'returned' | 'disputed'
  telephoned: 'elder' | 'family' | null
  ver: number
  verified: boolean | null
  window_from: string
  window_to: string
  written_by: string | null
}

/** One line of an order's story. */
export interface OrderStep {
  actor: string
  at: string
  tag: string
  why?: string | null
}

/** Everything about an order. Whoever goes sees it without prices and notes. */
export interface OrderView {
  address: string | null
  callback_result?: string | null
  charged_cents?: number | null
  evidence_arrive: ('position' | 'home_code' | 'button')[]
  evidence_leave: ('position' | 'home_code' | 'button')[]
  line: OrderLine
  notes: NoteLine[]
  own_cents?: number | null
  price_cents?: number | null
  proofs: ProofLine[]
  proofs_arrive: ('position' | 'home_code' | 'button')[]
  proofs_leave: ('position' | 'home_code' | 'button')[]
  rating?: number | null
  skills: string[]
  story: OrderStep[]
  subsidy_cents?: number | null
}

/** Many devices silent at once; `silent` counts those in scope that still are; `event` when it has become one. */
export interface OutageLine {
  area: string | null
  devices: number
  division: string
  ended_at: string | null
  event?: string | null
  grew_at: string
  incident: string | null
  opened_at: string
  outage: string
  silent: number
}

/** What an exchange is given, at the address for texts or the one for calls, with `Authorization: Bearer`. `id` is what it reports under; `keys` are those a listener may press, or a reader send back. */
export interface Outgoing {
  id: string
  keys: string[]
  text: string
  to: string
}

/** What is told of a division over a period, as of an instant; `above` are the divisions it lies in. */
export interface OverPeriod {
  above: Area[]
  as_of: string
  division: string
  name: string
  since: string
  until: string
}

/** 一屏统览: everything at this moment on one screen, without names. */
export interface Overview {
  above: Area[]
  at: string
  breaches: Record<string, number>
  division: string
  fleet: FleetCount
  lines: OverviewLine[]
  load: AlarmLoad
  mass_events: number
  name: string
  on_duty: OnDuty
  open: OpenLine[]
  orders: Record<string, number>
  reach: Reach
  today: Today
  waiting: Waiting[]
}

/** One division directly below the one asked for, to be compared with the others. */
export interface OverviewLine {
  breaches: number
  division: string
  name: string
  open: number
  ready: number
  responders: number
  seats: number
  today: number
  unclaimed: number
  within: number | null
}

/** What she ordered or called off. */
export interface OwnOrder {
  order: string
}

/** What one's own page shows. */
export interface OwnSecurity {
  factors: FactorLine[]
  has_password: boolean
  must: 'password' | 'factor' | null
  needs_factor: boolean
  proved: boolean
  recovery_left: number
}

/** A service for herself, to begin within the window. */
export interface OwnWish {
  service: string
  window_from: string
  window_to: string
}

/** What one person answers for (责任清单); `overdue` is of those that are open. */
export interface OwnerLine {
  account: string
  closed: number
  fixed: number
  name: string
  open: number
  overdue: number
}

/** Everybody who answers for something, those with most overdue first. */
export interface Owners {
  items: OwnerLine[]
}

export interface PageOfIncidentRow {
  items: IncidentRow[]
  next: string | null
}

/** Her telephone is a device now: `secret` signs its alarms (docs/wire/devices.md) and is told this once. */
export interface Paired {
  device: string
  expires_at: string
  name: string
  secret: string
  token: string
}

/** The code as typed on her telephone. */
export interface PairingCode {
  code: string
}

/** A code of eight digits that makes a telephone hers: told once, used once. */
export interface PairingMade {
  code: string
  expires_at: string
}

/** An elder whom the caller may see, with what concerns her now. */
export interface Parent {
  bound_at: string
  elder: string
  given_at: string
  given_by: 'elder' | 'worker'
  how: 'own_page' | 'in_person' | 'telephone' | 'paper'
  kin: string
  live: string[]
  may: ('calls' | 'health' | 'devices' | 'orders')[]
  name: string
  name_masked: string
  relation: 'daughter' | 'son' | 'spouse' | 'daughter_in_law' | 'son_in_law' | 'grandchild' | 'sibling' | 'relative' | 'friend'
  wording: string
}

/** Somebody near who may not be asked, and why. */
export interface PassedLine {
  kind: string
  name: string
  responder: string
  why: string
}

/** Somebody who was looked at and not asked; `why` is one code. */
export interface PassedOver {
  kind: string
  name: string
  responder: string
  why: string
}

/** The browser's answer, as it is. */
export interface PasskeyAnswer {
  credential: Record<string, unknown>
  step: string
}

/** What the browser is asked with (`navigator.credentials`); `step` comes back with its answer. */
export interface PasskeyOptions {
  options: Record<string, unknown>
  step: string
}

/** The password once more, before something that matters. */
export interface PasswordAgain {
  password: string
}

/** An earlier call of the same elder, or device. */
export interface PastIncident {
  closed_at: string | null
  drill: boolean
  incident: string
  kind: string
  opened_at: string
  outcome: string | null
  presses: number
  priority: number
  state: string
}

/** A person of the list, as much as whoever telephones or goes must know. */
export interface PersonLine {
  address: string | null
  age: number | null
  assessment: number | null
  contacts: ContactCard[]
  dialect: string | null
  elder: string
  elsewhere: Elsewhere | null
  health: string | null
  home: string
  lives_alone: boolean
  name: string
  named_why: string | null
  phone: string | null
  place: string | null
  same_home: string[]
  state: 'not_reached' | 'safe' | 'needs_transfer' | 'refused' | 'transferred' | 'sheltered' | 'home' | 'missing'
  state_at: string
  status: string
  stays_at: string | null
  transfer: string | null
  tried_at: string | null
  tries: number
  village: string
  village_name: string | null
  with_whom: string | null
}

/** Whom the organisation sends (机构派员). */
export interface PersonNamed {
  responder: string
}

/** Somebody telephoned: open an incident for an elder. */
export interface PhoneIncident {
  call?: string | null
  elder: string
  kind?: 'sos' | 'fall' | 'vital' | 'smoke' | 'gas' | 'fence_exit' | 'water'
  note?: string
}

/** A division on the way from the caller's own down to the one shown. */
export interface PlaceName {
  code: string
  name: string
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

/** Who is asked, after how long, by which channel. `rules` by priority, "1" to "4". */
export interface Policy {
  access_s?: number
  arrival_s?: number
  at_once?: string[]
  call_back_s?: number
  canary_s?: number
  check_in_s?: number
  confirm_s?: number
  cover_s?: number
  entry_s?: number
  late_times?: number
  lost_s?: number
  night_from_h?: number
  night_until_h?: number
  review_s?: number
  rules: Record<string, RuleGiven>
  searchers?: number
  stall_s?: number
  voice_s?: number
  volunteers_from_h?: number
  volunteers_until_h?: number
  war?: WarGiven
  zone_min?: number
}

/** Lay a policy down for a division, and say why. */
export interface PolicyChange {
  policy: Policy
  reason: string
}

/** A policy to be looked through. */
export interface PolicyCheck {
  policy: Policy
}

/** One version of a division's own policy. */
export interface PolicyVersion {
  at: string
  by: string
  reason: string
  version: number
}

/** What was laid down for a division or above it, and what `holds` with the mode over it. `laid_down_for` is null when the shipped policy holds; `history` are the division's own versions. */
export interface PolicyView {
  division: string
  history: PolicyVersion[]
  holds: HeldPolicy
  laid_down_for: string | null
  mode: 'peace' | 'war'
  policy: HeldPolicy
  version: number
}

/** That there is one: its picture is at `GET /portraits/{portrait}`; who put it there, and when. */
export interface Portrait {
  at: string
  by: string
  portrait: string
}

/** A division that has had a seat: who sits there, or who answers for it. `uncovered_since`: nobody said so. */
export interface PostLine {
  covered_by: string | null
  division: string
  name: string | null
  seats: SeatLine[]
  uncovered_since: string | null
}

/** What a service costs from a day on. */
export interface PriceLine {
  absent_permille: number
  cents: number
  division: string
  price: string
  since: string
  subsidy_permille: number
  until: string | null
}

/** RFC 9457 problem+json; `code` is stable, `field` names what was wrong in the request. `instance` (`urn:uuid:…`) is the number of this very failure in our log; what a caller can put right alone has none. */
export interface Problem {
  code: string
  field?: string | null
  instance?: string | null
  params: Record<string, unknown>
  status: number
  title: string
  type: string
}

/** Shown on coming or leaving, at the moment it is sent: there is no field for another time. */
export interface Proof {
  accuracy_m?: number | null
  code?: string | null
  kind: 'position' | 'home_code'
  lat?: number | null
  lon?: number | null
  phase: 'arrive' | 'leave'
}

/** What was shown, when. */
export interface ProofLine {
  accuracy_m: number | null
  at: string
  device: string | null
  dist_m: number | null
  holds: boolean
  kind: 'position' | 'home_code' | 'button'
  phase: 'arrive' | 'leave'
  proof: string
  responder: string
}

/** How well elders of a division are protected at this moment; listed are those with a fault, the worst first. */
export interface Protection {
  above: Area[]
  at: string
  division: string
  elders: number
  faults: ProtectionFault[]
  items: ProtectionLine[]
  mean: number | null
  name: string
  next: string | null
  whole: number
}

/** One thing that would fail if she pressed now: what it costs of 100, and how many elders it concerns. */
export interface ProtectionFault {
  code: string
  elders: number | null
  name: Words
  weight: number
}

/** One elder: 100 less what every fault costs, never under 0. */
export interface ProtectionLine {
  division: string
  division_name: string
  elder: string
  faults: string[]
  name_masked: string
  place: string
  score: number
}

/** Whether it holds, and how far from home it was shown. */
export interface Proved {
  dist_m?: number | null
  holds: boolean
  order: string
}

/** An organisation that people belong to. */
export interface ProviderCard {
  division: string
  lat: number
  lon: number
  name: string
  phone?: string | null
}

/** An organisation in a list. */
export interface ProviderLine {
  division: string
  id: string
  name: string
  phone: string | null
}

/** How a provider answers and comes. `rank` by the low end of the interval of its acceptance; null under five. Rates are null, and `few` is true, under five. `declines` by reason; `silent` offers ran out unanswered; `late` came more than five minutes after the time first given. `acceptance_low` and `_high` are a Wilson interval of 95 %. */
export interface ProviderRank {
  acceptance: number | null
  acceptance_high: number | null
  acceptance_low: number | null
  accepted: number
  arrivals: number
  complaints: number
  declined: number
  declines: Record<string, number>
  division: string
  door_p50_s: number | null
  door_p90_s: number | null
  few: boolean
  given_back: number
  late: number
  late_high: number | null
  late_low: number | null
  late_share: number | null
  name: string
  offers: number
  provider: string
  rank: number | null
  silent: number
  unproved: number
  visits: number
}

/** Providers of a division over a period, the best first, those with too few last. */
export interface Providers {
  above: Area[]
  as_of: string
  definition: Words
  division: string
  items: ProviderRank[]
  name: string
  since: string
  until: string
}

/** A day of the whole platform: share of its minutes (so far) in which a call for help went through. */
export interface PublicDay {
  day: string
  minutes: number
  share: number | null
  through: number
}

/** Whether calls for help go through, from presses of a device nobody wears. Days are China's, the last one today. `ok` is null where no such device presses. Milliseconds are from press to somebody coming, of the last day. */
export interface PublicStatus {
  at: string
  days: PublicDay[]
  last_at: string | null
  ok: boolean | null
  p50_ms: number | null
  p99_ms: number | null
  share_30d: number | null
}

/** Five faces, and words if she likes. */
export interface Rating {
  rating: number
  text?: string
}

/** What families and elders thought of it: stars 1 to 5, and how call-backs ended. `by` says what `key` is: a provider's id (empty where none came), a month (2026-11), or where it was said (`family`, `elder` or `call_back`; of call-backs after a `call` or an `order`). */
export interface Ratings {
  above: Area[]
  as_of: string
  by: 'provider' | 'month' | 'source'
  call_backs: Answers
  definition: Words
  division: string
  name: string
  ratings: Answers
  since: string
  until: string
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

/** The circle of fifteen minutes at this moment: share of elders in reach, elders and places out of it. */
export interface Reach {
  beyond: number | null
  holes: number
  target_s: number
  within: number | null
}

/** How often somebody was telephoned about her, ever, and when it was last answered. */
export interface Reached {
  answered: number
  answered_at: string | null
  callee: string
  tries: number
}

/** Who is taken off, the first one if nobody is said, and who goes instead: the backup or whoever the rules find. */
export interface Reassignment {
  from?: string | null
  reason?: string
  responder?: string | null
}

/** A device at hand: whether it can be relied upon. `batt` is a share from 0 to 1. */
export interface RecordDevice {
  batt: number | null
  device: string
  faults: string[]
  kind: string
  model: string
  online: boolean | null
  pressed_at: string | null
  seen_at: string | null
  tested_at: string | null
}

/** Ten codes for the day the telephone is lost, shown once; older ones are void. */
export interface RecoveryCodes {
  codes: string[]
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

/** What somebody is to an elder; `excluded` by the family is never sent to her. */
export interface RelationCard {
  kind: 'excluded' | 'regular' | 'keyholder' | 'neighbour' | 'family'
  why?: string | null
}

/** One with whom it is to. */
export interface RelationLine {
  at: string
  elder: string
  kind: 'excluded' | 'regular' | 'keyholder' | 'neighbour' | 'family'
  responder: string
  why?: string | null
}

/** Somebody of hers to telephone. */
export interface Relative {
  name: string
  phone: string
  relation: string
}

/** The elder is somewhere else. */
export interface Relocation {
  lat: number
  lon: number
  note?: string
}

/** `d` of `breach.nudged` in the inbox of whoever is asked to move it on. */
export interface ReminderLetter {
  by: string
  incident: string
  priority: number
  ring: string
  stage: string
  text: string
}

/** Why it is open again; needed when it ended more than half an hour ago. */
export interface Reopening {
  reason?: string
}

/** What today's code makes of a message that came once; nobody is rung. */
export interface Replay {
  reading: Record<string, unknown>
}

/** Where somebody was. */
export interface ReplayPoint {
  lat: number
  lon: number
  s: number
}

/** One step. `s` counts from the press; `sound` is what consoles played (null: nothing), `who` a masked name. */
export interface ReplayStep {
  at: string
  lat?: number | null
  lon?: number | null
  params: Record<string, unknown>
  s: number
  sound: string | null
  stage: string | null
  tag: string
  who: string | null
}

/** The way of one responder, as far as positions are still kept (a day). */
export interface ReplayTrack {
  kind: string
  name_masked: string
  points: ReplayPoint[]
  responder: string
}

/** What an exchange is answered: `say` is read to whoever has pressed a key, or sent back to whoever has written. */
export interface ReportAnswer {
  say?: string | null
}

/** Another time (改约). */
export interface Reschedule {
  note?: string
  reason: 'elder_asks' | 'family_asks' | 'helper_ill' | 'weather' | 'overbooked' | 'other'
  window_from: string
  window_to: string
}

/** A person who goes, as the desk writes it; `lat`, `lon` are the station or home (WGS-84). `speed_mps` is that of the `mode` where it is left out; `area` is the division served, the own county by default, unless `catchment` names several. */
export interface ResponderCard {
  area?: string | null
  catchment?: string[]
  dialects?: string[]
  division: string
  kind: 'caregiver' | 'nurse' | 'grid_worker' | 'guard' | 'station' | 'fire_post' | 'volunteer' | 'provider'
  lat: number
  lon: number
  mode?: 'walk' | 'bike' | 'ebike' | 'car'
  name: string
  nights?: boolean
  phone: string
  phone_only?: boolean
  provider_id?: string | null
  sex?: 'f' | 'm' | null
  skills?: Skill[]
  speed_mps?: number | null
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

/** A person in full, for the desk; `accepts` of `asked` are learned from every answer (a prior is in both). */
export interface ResponderView {
  accepts: number
  answer_s: number
  area?: string | null
  asked: number
  blocked_at: string | null
  blocked_why: string | null
  catchment: string[]
  dialects: string[]
  division: string
  duty_since: string | null
  id: string
  kind: 'caregiver' | 'nurse' | 'grid_worker' | 'guard' | 'station' | 'fire_post' | 'volunteer' | 'provider'
  lat: number
  lon: number
  mode: 'walk' | 'bike' | 'ebike' | 'car'
  name: string
  nights: boolean
  on_duty: boolean
  phone: string
  phone_only: boolean
  portrait: Portrait | null
  provider_id?: string | null
  reachable: boolean
  relations: RelationLine[]
  retired_at: string | null
  sex?: 'f' | 'm' | null
  shifts: ShiftLine[]
  skills: Skill[]
  slow: number
  speed_mps: number
}

/** Response times of a division and period. Everything recorded by `as_of` is in it; `until` is not included. Drills, tests, canaries, booked orders, faults of things and what was merged into another incident are left out. */
export interface ResponseTimes {
  as_of: string
  by: 'division' | 'hour' | 'weekday' | 'month' | 'day' | 'kind' | 'priority' | 'cls' | 'model' | 'provider' | 'responder' | 'settlement' | null
  division: string
  error: number
  filters: Record<string, string>
  groups: FigureGroup[]
  path: PlaceName[]
  since: string
  total: FigureGroup
  until: string
}

/** Back to the desk (退单). */
export interface ReturnOrder {
  note?: string
  reason: 'nobody_free' | 'not_our_area' | 'skill_missing' | 'unsafe' | 'refused_at_door' | 'other'
}

/** Why somebody looks behind the mask; `note` says it in words, which stay out of the log. */
export interface Reveal {
  note: string
  reason: 'incident' | 'call_back' | 'visit' | 'correction' | 'complaint' | 'asked_by_her' | 'danger'
}

/** What lay behind the mask. `review_by`: until when a supervisor of her division judges whether it was right. */
export interface Revealed {
  contacts: ContactCard[]
  elder: ElderCard
  home: HomeCard | null
  opening: string
  review_by: string | null
}

/** Whether it was right to look. */
export interface Review {
  remark: string
  right: boolean
}

/** Why a device may no longer connect. */
export interface Revocation {
  reason: string
}

/** An elder to be telephoned while the devices are silent; `called` is the last try. Record a try as a call of the outage's incident with `callee` = `elder`. */
export interface RollCallLine {
  age: number | null
  assessment: number | null
  called: CasesCallLine | null
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
  state?: string | null
}

/** Something wrong with a device; `protects` tells whether that leaves her unable to call. */
export interface RowFault {
  at: string
  device: string | null
  kind: string
  protects: boolean
}

/** How one priority is answered. */
export interface RuleGiven {
  backup: boolean
  confidence: number
  ladder: RungGiven[]
  louder_s?: number
  most: number
  one_more_s: number
  reach: number[]
  repeat: number
  respond_s: number
  second?: 'sms' | 'voice' | 'push'
  unseen_s?: number
  untaken_s?: number
  volunteers_s: number
}

/** How one priority is answered. */
export interface Rule {
  backup: boolean
  confidence: number
  ladder: Rung[]
  louder_s: number
  most: number
  one_more_s: number
  reach: number[]
  repeat: number
  respond_s: number
  second: 'sms' | 'voice' | 'push'
  unseen_s: number
  untaken_s: number
  volunteers_s: number
}

/** One step of the ladder: after so many seconds without anybody, the desks of this level and those below it. */
export interface RungGiven {
  after_s: number
  by?: ('console' | 'sms' | 'voice' | 'push')[]
  level: 'community' | 'street' | 'county' | 'city'
}

/** One step of the ladder: after so many seconds without anybody, the desks of this level and those below it. */
export interface Rung {
  after_s: number
  by: ('console' | 'sms' | 'voice' | 'push')[]
  level: 'community' | 'street' | 'county' | 'city'
}

/** The newest seal of the log: what the level above keeps. `hash` is SHA-256 in hex; `n` is 0 before the first. */
export interface SealHead {
  at: string | null
  hash: string
  n: number
}

/** A seat was asked whether somebody sits there; it is missed if it says nothing until then. */
export interface SeatAsked {
  account: string
  until: string
}

/** Somebody on duty; `until` is when that must be said again. */
export interface SeatLine {
  account: string
  confirmed_at: string
  division: string
  name: string
  since: string
  until: string
}

/** One seat on duty. Rates are alarms per ten minutes that rang there, since it went on duty or `since`. `held` are incidents it has taken that are not over; `offered` those waiting that are offered to it in a flood; `flood_share` is 0 to 1. `sound`: `unknown` until its screen has been heard once. */
export interface SeatLoad {
  account: string
  alarms: number
  claimed: number
  division: string
  flood_share: number
  held: number
  mean_10min: number
  name: string
  now_10min: number
  offered: number
  silent_since: string | null
  since: string
  sound: 'ok' | 'silent' | 'unknown'
  worst_10min: number
}

/** `d` of `seat.silent` and `seat.heard`, for desks over the division: a seat cannot be rung, or can again. */
export interface SeatSilent {
  account: string
  division: string
  name: string
  since: string
}

/** Six digits of an authenticator, or a recovery code. */
export interface SecondFactor {
  code: string
  step: string
}

/** Answer to a password that was right where a second factor is needed: what `POST /sessions/second` takes. */
export interface SecondStep {
  expires_at: string
  methods: ('totp' | 'passkey' | 'recovery')[]
  step: string
}

/** A service that comes again. */
export interface SeriesLine {
  elder: string
  ended_at: string | null
  filled_until: string | null
  first_day: string
  first_min: number
  last_min: number
  name_masked: string
  provider: string | null
  rule: string
  series: string
  service: string
  skipped: string[]
  until: string | null
}

/** A line of the catalogue as it holds somewhere, with the prices of today and later. */
export interface ServiceLine {
  code: string
  division: string
  evidence_arrive: ('position' | 'home_code' | 'button')[]
  evidence_leave: ('position' | 'home_code' | 'button')[]
  hand_in: ('photo' | 'signature' | 'note')[]
  hands: number
  minutes: number
  name: string
  name_en: string
  offered: boolean
  prices: PriceLine[]
  skills: string[]
  welfare: boolean
}

/** What can be ordered where she lives, and what it costs. */
export interface ServicesThere {
  items: ServiceLine[]
}

/** Answer to a login. */
export interface Session {
  account: Account
  expires_at: string
  token: string
}

/** One session of an account; `agent` is what the browser calls itself. */
export interface SessionLine {
  address: string | null
  agent: string | null
  created_at: string
  current: boolean
  expires_at: string
  id: string
  used_at: string | null
}

/** Every session that stands. */
export interface Sessions {
  items: SessionLine[]
}

/** What is charged in the end. */
export interface Settle {
  charged_cents: number
  note?: string
}

/** Everything in scope that is put aside at present, the next to come back first. */
export interface Shelf {
  items: ShelfLine[]
}

/** Something put aside. `device` and `kinds` say what; `times` is how often it was put aside in thirty days. */
export interface ShelfLine {
  at: string
  by: string
  device: string
  division: string
  incident: string
  kinds: string[]
  place: string
  reason: string
  shelf: string
  times: number
  until: string
}

/** Put a condition of a thing aside (搁置) for 15 min, 1 h, 8 h or 24 h; never for ever, always with a reason. */
export interface Shelving {
  minutes: 15 | 60 | 480 | 1440
  reason: string
}

/** Planned duty. */
export interface Shift {
  begins: string
  until: string
}

/** One with its name. */
export interface ShiftLine {
  begins: string
  id: string
  until: string
}

/** A device that fell silent, and when it was heard again. */
export interface SilentDevice {
  back_at: string | null
  device: string
  kind: string
  since: string
}

/** What somebody has learned; `until` is the last day of the certificate, null for ever. */
export interface Skill {
  skill: string
  until?: string | null
}

/** Either what was merged into this one before, or another elder who needs help of her own. */
export interface Splitting {
  elder?: string | null
  incident?: string | null
  kind?: 'sos' | 'fall' | 'vital' | 'smoke' | 'gas' | 'fence_exit' | 'water'
  reason?: string
}

/** How long something took: never one number alone. Null where there is nothing to count. */
export interface Spread {
  median_s: number | null
  n: number
  p90_s: number | null
}

/** One stage: how many reached it (`n`), percentiles of the seconds it took (null where nobody did). */
export interface StageFigures {
  n: number
  p50_s: number | null
  p90_s: number | null
  p95_s: number | null
  p99_s: number | null
  stage: 'recorded' | 'rung' | 'taken' | 'offered' | 'accepted' | 'departed' | 'arrived' | 'with_elder' | 'closed'
  targets: Target[]
}

/** An incident that has stood for more than a day. */
export interface StaleLine {
  division: string
  incident: string
  kind: string
  opened_at: string
  priority: number
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

/** 在家 外出 住院 入住机构 迁出 去世: from when, until when, and who said so. She is at home from now on; home, moved and dead have no end. */
export interface StatusChange {
  begins?: string | null
  source: string
  status: 'home' | 'out' | 'hospital' | 'institution' | 'moved' | 'dead'
  until?: string | null
}

/** A step on the way, sent now or later. */
export interface Step {
  at?: string | null
}

/** Everything that is held about an elder, rows by table. `missing`: tables that may hold something of hers and that only the operator's command reads. */
export interface SubjectCopy {
  at: string
  elder: string
  missing: string[]
  opening: string
  tables: Record<string, Record<string, unknown>[]>
}

/** More hands, or an ambulance, which the desk sends for too. */
export interface Support {
  at?: string | null
  need?: 'hands' | 'ambulance'
}

/** An exchange's 2xx: it has it. `ref` is its own number for it. */
export interface TakenOver {
  ref?: string | null
}

/** How many reached the stage within so many seconds. `share` is 0 to 1 of those that reached it, `aim` what should. An incident that has not reached the stage yet counts in neither. */
export interface Target {
  aim: number
  seconds: number
  share: number | null
  within: number
}

/** Where she stays for a while; help goes there. Without an address she is at home again. */
export interface TemporaryAddress {
  address?: string | null
  lat?: number | null
  lon?: number | null
  until?: string | null
}

/** A single-use ticket for one WebSocket. */
export interface Ticket {
  expires_at: string
  ticket: string
}

/** `token` opens `GET /wall` and nothing else; `link` carries it behind `#`, which no server is sent. */
export interface TicketMade {
  division: string
  expires_at: string
  label: string
  link: string
  made_at: string
  made_by: string
  name: string
  ticket: string
  token: string
  used_at: string | null
}

/** An event of the incident, oldest first; `tag` and `params` are put into words by the screen. */
export interface TimelineLine {
  actor: string
  at: string
  id: string
  params: Record<string, unknown>
  tag: string
}

/** Since midnight in China; medians and 90th percentiles null where nothing has come so far. */
export interface Today {
  closed: number
  door_p50_s: number | null
  door_p90_s: number | null
  false_alarms: number
  incidents: number
  taken_p50_s: number | null
  taken_p90_s: number | null
}

/** All open events together: who is in two of them is one person, in the state that was written down last. */
export interface Totals {
  events: number
  home: number
  lines: number
  missing: number
  needs_transfer: number
  not_reached: number
  people: number
  refused: number
  safe: number
  sheltered: number
  transferred: number
}

/** Where somebody was at an instant. */
export interface TrackPoint {
  at: string
  lat: number
  lon: number
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

/** The digits that the elder or a worker told her. */
export interface UseCode {
  code: string
}

/** The figures of one village; all villages of an event add up to the event. */
export interface VillageFigures {
  division: string
  home: number
  missing: number
  name: string | null
  needs_transfer: number
  not_reached: number
  people: number
  refused: number
  safe: number
  sheltered: number
  transferred: number
}

/** What a person makes of a doubtful visit, and why. Nothing follows from it by itself. */
export interface VisitDecision {
  sound: boolean
  why: string
}

/** What was seen at the visit, and why something that is wanted was not handed in. */
export interface VisitReportGiven {
  fell?: boolean
  injured?: boolean
  missing?: ('photo' | 'signature' | 'note')[]
  unsigned?: 'cannot_write' | 'refused' | 'hospital' | 'absent' | 'other' | null
}

/** What was seen at the visit, and why something that is wanted was not handed in. */
export interface VisitReport {
  fell: boolean
  injured: boolean
  missing: ('photo' | 'signature' | 'note')[]
  unsigned?: 'cannot_write' | 'refused' | 'hospital' | 'absent' | 'other' | null
}

/** Somebody who was there, as she says. */
export interface Visitor {
  name_masked: string
  responder: string
}

/** What happens next if nothing else does. */
export interface WaitLine {
  due_at: string
  kind: string
  target: string
}

/** What waits for somebody: how many, and how long the oldest has waited. */
export interface Waiting {
  oldest_s: number | null
  overdue: number
  waiting: number
  what: 'claim' | 'acceptance' | 'closing' | 'call_back' | 'complaint'
}

/** What a wallboard shows; ask again every few seconds, and grey what is older than `stale_after_s`. */
export interface Wall {
  expires_at: string
  label: string
  overview: Overview
  stale_after_s: number
}

/** A ticket as a list shows it; the token is told once, when it is made. */
export interface WallTicket {
  division: string
  expires_at: string
  label: string
  made_at: string
  made_by: string
  name: string
  ticket: string
  used_at: string | null
}

/** Tickets that still open something, newest first. */
export interface WallTickets {
  items: WallTicket[]
}

/** What disaster mode lays over the rules. */
export interface WarGiven {
  call_in?: string[]
  one_more_s?: number
  reach_times?: number
  volunteers_s?: number
}

/** What disaster mode lays over the rules. */
export interface War {
  call_in: string[]
  one_more_s: number
  reach_times: number
  volunteers_s: number
}

/** A test window, and how often the button was pressed in it. */
export interface WindowLine {
  opened_at: string
  opened_by: string
  presses: number
  until_at: string
}

/** The same in both languages. */
export interface Words {
  en: string
  zh: string
}

/** A stored call attempt. */
export interface CasesCallLine {
  at: string
  by: string
  callee: string
  result: string
}

/** A call in the list, and `d` of `call.incoming`: masked until somebody opens it. */
export interface DeskCallLine {
  at: string
  call: string
  direction: 'in' | 'out'
  elders: CallerHint[]
  incident: string | null
  line: string
  number_masked: string
  opened_by: string | null
  responders: string[]
  seat?: string | null
}

/** Give the watch to somebody on duty, with what the next must know; the incidents one holds go with it. */
export interface MassHandOver {
  note: string
  to: string
}

/** She was asked how it was (回访); the rating is hers to give or not. */
export interface OrdersCallBack {
  note?: string
  rating?: number | null
  result: 'reached' | 'no_answer' | 'not_wanted'
}

/** Who goes on with what has been sent out. */
export interface OrdersHandOver {
  note?: string
  people: string[]
}

/** What the call told; `no_answer` leaves it on the list. */
export interface PoliciesCallBack {
  note?: string
  result: 'well' | 'needs_help' | 'no_answer' | 'not_wanted'
}
