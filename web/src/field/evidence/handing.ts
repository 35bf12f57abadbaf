import type { Completion, JobView, VisitReport } from '../../generated/http'
import type { Command } from '../../kernel/outbox/types'
import { type Draft, type Outcome, thing, type Thing } from './draft'

export type HandIn = NonNullable<JobView['hand_in']>[number]

/** After these the desk needs to know more than one word. */
const TO_EXPLAIN: ReadonlySet<Outcome> = new Set(['hospital', 'refused', 'other'])

/** What is handed in at the end of this visit: what the service says, and words where the outcome raises questions. */
export function wanted(handIn: readonly HandIn[], outcome: Outcome | null): ReadonlySet<HandIn> {
  return new Set<HandIn>([...handIn, ...(outcome && TO_EXPLAIN.has(outcome) ? (['note'] as const) : [])])
}

const given: Record<HandIn, (draft: Draft) => boolean> = {
  photo: ({ photos }) => photos.length > 0,
  signature: ({ signature }) => signature !== null,
  note: ({ note, voice }) => note.trim() !== '' || voice !== null,
}
const excused: Record<HandIn, (draft: Draft) => boolean> = {
  photo: ({ noPhoto }) => noPhoto,
  signature: ({ unsigned }) => unsigned !== null,
  note: () => false,
}

/** What is wanted and neither there nor excused. */
export const lacking = (draft: Draft, handIn: readonly HandIn[]): HandIn[] =>
  [...wanted(handIn, draft.outcome)].filter((one) => !given[one](draft) && !excused[one](draft))

export function reportOf(draft: Draft, handIn: readonly HandIn[]): VisitReport {
  const missing = [...wanted(handIn, draft.outcome)].filter((one) => !given[one](draft))
  return { fell: draft.fell, injured: draft.injured, unsigned: draft.signature ? null : draft.unsigned, missing }
}

/** First that the visit is over, which others wait for; then what was seen, and at last the heavy things. */
export function commandsOf(job: string, draft: Draft, handIn: readonly HandIn[]): Command[] {
  const body = { outcome: draft.outcome ?? 'other', note: draft.note } satisfies Completion
  const report = new Blob([JSON.stringify(reportOf(draft, handIn))], { type: 'application/json' })
  const photos = draft.photos.map((photo) => put(job, 'photo', photo))
  return [
    { path: `/jobs/${job}/complete`, body, job, what: 'complete' },
    put(job, 'report', thing(report)),
    ...(draft.signature ? [put(job, 'signature', draft.signature)] : []),
    ...(draft.voice ? [put(job, 'voice', draft.voice)] : []),
    ...photos,
  ]
}

function put(job: string, kind: 'photo' | 'signature' | 'voice' | 'report', { id, at, blob }: Thing): Command {
  const path = `/jobs/${job}/evidence/${id}?kind=${kind}&taken_at=${encodeURIComponent(at)}`
  return { path, method: 'PUT', blob, key: id, job, what: kind }
}
