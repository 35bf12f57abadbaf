import { useEffect, useState } from 'react'
import type { Completion, VisitReport } from '../../generated/http'
import { newKey } from '../../kernel/api'
import { stored } from '../../kernel/db'
import { serverClock } from '../../kernel/time'
import { useField } from '../live'

export type Outcome = NonNullable<Completion['outcome']>
export type Unsigned = NonNullable<VisitReport['unsigned']>

/** A picture or a sound that will be handed in, under the id it keeps for ever. `at` is RFC 3339. */
export interface Thing {
  id: string
  at: string
  blob: Blob
}

/** The form at the end of a visit, as far as it is filled in. */
export interface Draft {
  outcome: Outcome | null
  note: string
  fell: boolean
  injured: boolean
  photos: readonly Thing[]
  noPhoto: boolean
  voice: Thing | null
  signature: Thing | null
  unsigned: Unsigned | null
}

export const EMPTY: Draft = {
  outcome: null, note: '', fell: false, injured: false, photos: [], noPhoto: false, voice: null, signature: null, unsigned: null,
} // prettier-ignore

/** Something taken at this moment, by the server's clock as this phone knows it. */
export const thing = (blob: Blob): Thing => ({ id: newKey(), at: new Date(serverClock.now()).toISOString(), blob })

const SAVE_MS = 200
const OLD_MS = 3 * 86_400_000

interface Kept {
  draft: Draft
  /** Milliseconds of this phone's clock. */
  at: number
}

export interface DraftControl {
  draft: Draft
  change: (part: Partial<Draft>) => void
  /** False where the browser keeps nothing more: the form lives as long as the page. */
  kept: boolean
}

const keyOf = (owner: string, job: string): string => `${owner} ${job}`

const save = async (key: string, draft: Draft): Promise<boolean> =>
  (await stored('drafts', 'readwrite', (store) => store.put({ draft, at: Date.now() } satisfies Kept, key))) !== null

const forget = (key: string) => stored('drafts', 'readwrite', (store) => store.delete(key))

/** The camera may push this page out of the phone's memory, so every change goes to the disk. Null until it was read. */
export function useDraft(owner: string, job: string): DraftControl | null {
  const key = keyOf(owner, job)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [kept, setKept] = useState(true)
  useEffect(() => {
    void stored<Kept | undefined>('drafts', 'readonly', (store) => store.get(key)).then((found) => setDraft(found?.draft ?? EMPTY))
  }, [key])
  useEffect(() => {
    if (!draft || draft === EMPTY) return
    const saving = setTimeout(() => void save(key, draft).then(setKept), SAVE_MS)
    return () => clearTimeout(saving)
  }, [key, draft])
  if (!draft) return null
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...(before ?? EMPTY), ...part }))
  return { draft, change, kept }
}

/** A form lives until the platform has it: what is taken back from the queue can be sent again. Old ones are removed. */
export function useSpentDrafts(): void {
  const { account, outbox } = useField()
  useEffect(() => void forgetOld(), [])
  useEffect(
    () => outbox.onDone(({ what, job }) => void (what === 'complete' && forget(keyOf(account.id, job)))),
    [account, outbox],
  )
}

async function forgetOld(): Promise<void> {
  const keys = (await stored<IDBValidKey[]>('drafts', 'readonly', (store) => store.getAllKeys())) ?? []
  const all = (await stored<Kept[]>('drafts', 'readonly', (store) => store.getAll())) ?? []
  for (const [n, { at }] of all.entries()) if (Date.now() - at > OLD_MS) await forget(String(keys[n]))
}
