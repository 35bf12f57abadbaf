import type { AnswerLine } from '../generated/http'

/** Questions of each guide in the order they are asked; the answer that calls for something stands beside. */
export const GUIDES = {
  general: [
    ['conscious', 'no'],
    ['breathing', 'no'],
    ['chest_pain', 'yes'],
    ['fell', null],
    ['fire_or_gas', 'yes'],
    ['alone', null],
    ['can_open_door', null],
  ],
  fall: [
    ['conscious', 'no'],
    ['breathing', 'no'],
    ['head_hit', 'yes'],
    ['bleeding', 'yes'],
    ['can_move', 'no'],
    ['hip_pain', 'yes'],
    ['blood_thinner', 'yes'],
    ['alone', null],
    ['can_open_door', null],
  ],
  chest: [
    ['conscious', 'no'],
    ['breathing', 'no'],
    ['chest_pain', 'yes'],
    ['short_breath', 'yes'],
    ['sweating', 'yes'],
    ['stroke_signs', 'yes'],
    ['medicine_taken', null],
    ['alone', null],
    ['can_open_door', null],
  ],
  lost: [
    ['seen_lately', null],
    ['dementia', 'yes'],
    ['on_foot', null],
    ['clothes_known', null],
    ['phone_with', null],
    ['water_near', 'yes'],
  ],
  smoke: [
    ['everyone_out', 'no'],
    ['flames_seen', 'yes'],
    ['way_out', 'no'],
    ['oxygen_inside', 'yes'],
    ['dizzy', 'yes'],
  ],
  gas: [
    ['everyone_out', 'no'],
    ['gas_smell', 'yes'],
    ['switched', 'yes'],
    ['windows_open', 'no'],
    ['dizzy', 'yes'],
  ],
  silent: [
    ['taps', 'yes'],
    ['voice_heard', null],
    ['breath_heard', 'yes'],
    ['noise_heard', 'yes'],
  ],
} as const satisfies Record<string, readonly (readonly [string, Answer | null])[]>

export type Guide = keyof typeof GUIDES
export type Answer = 'yes' | 'no' | 'unsure'
export const ANSWERS: readonly Answer[] = ['yes', 'no', 'unsure']
export const GUIDE_NAMES = Object.keys(GUIDES) as Guide[]

const FOR_KIND: Readonly<Record<string, Guide>> = { fall: 'fall', vital: 'chest', fence_exit: 'lost', smoke: 'smoke', gas: 'gas', inactivity: 'silent' }

export const guideFor = (kind: string): Guide => FOR_KIND[kind] ?? 'general'

/** The last answer to each question. */
export const latest = (answers: readonly AnswerLine[]): ReadonlyMap<string, AnswerLine> => new Map(answers.map((line) => [line.question, line]))
