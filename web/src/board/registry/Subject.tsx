import Button from '@mui/material/Button'
import { useState } from 'react'
import type { CopyAsked, SubjectCopy } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { useSpeak } from '../../kernel/i18n'
import { Ask } from '../../ui/Ask'
import { Field } from '../../ui/Field'
import { useSend } from '../api'
import { elderPath } from './api'
import { save } from './download'
import { Part } from './Part'

const SHORTEST_NOTE = 2

function CopyForm({ elder, done, close }: { elder: string; done: (copy: SubjectCopy) => void; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const draft = `record ${elder} copy `
  const [note, setNote] = useDraft(`${draft}note`)
  const send = async () => {
    const copy = await order.send<SubjectCopy>({ path: elderPath(elder, '/copy'), body: { note: note.trim() } satisfies CopyAsked })
    if (copy === null) return false
    save(new Blob([JSON.stringify(copy, null, 1)], { type: 'application/json' }), `${elder}.json`)
    done(copy)
    return true
  }
  return (
    <Ask title={speak('registry/copy')} action={speak('registry/takeCopy')} ready={note.trim().length >= SHORTEST_NOTE} command={order} draft={draft} close={close} send={send}>
      <p className="quiet">{speak('registry/copyHint')}</p>
      <Field required label={speak('registry/copyNote')} value={note} most={500} change={setNote} />
    </Ask>
  )
}

const rowsOf = ({ tables }: SubjectCopy): number => Object.values(tables).reduce((sum, rows) => sum + rows.length, 0)

/** What she may have of all that is kept about her, and how she is forgotten. */
export function Subject({ elder }: { elder: string }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  const [taken, setTaken] = useState<SubjectCopy | null>(null)
  const ask = (
    <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
      {speak('registry/copy')}
    </Button>
  )
  return (
    <Part id="subject" title={speak('registry/subject')} action={ask}>
      {taken && (
        <p role="status">
          {speak('registry/copied', { file: `${elder}.json`, tables: Object.keys(taken.tables).length, rows: rowsOf(taken) })}{' '}
          {taken.missing.length > 0 && speak('registry/copyMissing', { tables: taken.missing.join(speak('registry/and')) })}
        </p>
      )}
      <p className="quiet">{speak('registry/forgetHint')}</p>
      {asking && <CopyForm elder={elder} done={setTaken} close={() => setAsking(false)} />}
    </Part>
  )
}
