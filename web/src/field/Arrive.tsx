import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Arrival } from '../generated/http'
import { forgetDrafts, useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { Choices } from '../ui/Choices'
import { Distance } from '../ui/Times'
import { Sheet } from './Forms'
import type { JobControl } from './job'
import type { Fix } from './way'

type Says = NonNullable<Arrival['says']>
const SAYS: readonly Says[] = ['wrong_position', 'elsewhere', 'other']

interface ArriveProps {
  job: string
  far: number
  fix: Fix
  control: JobControl
  close: () => void
}

/** The phone thinks it is not there; whoever stands at the door knows better, and says why. */
export function Arrive({ job, far, fix, control, close }: ArriveProps) {
  const speak = useSpeak()
  const [says, setSays] = useState<Says | null>(null)
  const words = `arrive ${job}`
  const [note, setNote] = useDraft(words)
  const send = async () => {
    await control.send('arrive', { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy, note, ...(says ? { says } : {}) })
    forgetDrafts(words)
    return true
  }
  return (
    <Sheet title={speak('door/title')} control={control} close={close} action={speak('door/here')} ready={says !== null} send={send}>
      <p>
        {speak('door/far')} <Distance metres={far} />
      </p>
      <Choices label={speak('door/why')} value={says} options={SAYS} words={(one) => speak.word('doorSays', one)} choose={setSays} />
      <TextField fullWidth label={`${speak('job/note')} (${speak('common/optional')})`} value={note} onChange={(event) => setNote(event.target.value)} />
    </Sheet>
  )
}
