import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import Dialog from '@mui/material/Dialog'
import FormControlLabel from '@mui/material/FormControlLabel'
import TextField from '@mui/material/TextField'
import { type FormEvent, useState } from 'react'
import type { JobView } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import type { Outbox } from '../../kernel/outbox/outbox'
import { Choices } from '../../ui/Choices'
import { useField } from '../live'
import { type DraftControl, type Outcome, useDraft } from './draft'
import { commandsOf, type HandIn, lacking, wanted } from './handing'
import { Part } from './Part'
import { Photos } from './Photos'
import { Signature } from './Signature'
import { Voice } from './Voice'
import './evidence.css'

const OUTCOMES: readonly Outcome[] = ['helped', 'hospital', 'false_press', 'refused', 'other']
const queued = (outbox: Outbox, key: string | undefined): boolean => outbox.read().some((item) => item.key === key)
const SEEN = ['fell', 'injured'] as const

function Words({ control, needed }: { control: DraftControl; needed: boolean }) {
  const speak = useSpeak()
  const { draft, change } = control
  return (
    <Part title={speak('handin/words')} needed={needed}>
      <TextField fullWidth multiline minRows={2} label={speak('job/note')} value={draft.note} onChange={(event) => change({ note: event.target.value })} slotProps={{ htmlInput: { maxLength: 2000 } }} />
      <Voice control={control} />
    </Part>
  )
}

function Seen({ control }: { control: DraftControl }) {
  const speak = useSpeak()
  const { draft, change } = control
  return (
    <fieldset className="part">
      <legend>{speak('handin/seen')}</legend>
      {SEEN.map((one) => (
        <FormControlLabel key={one} control={<Checkbox checked={draft[one]} onChange={(_, on) => change({ [one]: on })} />} label={speak(`handin/${one}`)} />
      ))}
    </fieldset>
  )
}

/** What keeps the form from being sent, in words and beside the button. */
function Lacking({ what, outcome }: { what: readonly HandIn[]; outcome: Outcome | null }) {
  const speak = useSpeak()
  const words = [...(outcome ? [] : [speak('job/completeTitle')]), ...what.map((one) => speak(`handin/lacking/${one}`))]
  return (
    <p role="alert" className="danger">
      {speak('handin/stillLacking')} {words.join(speak('handin/and'))}
    </p>
  )
}

interface CompletionProps {
  view: JobView
  close: () => void
}

function Form({ view, control, close }: CompletionProps & { control: DraftControl }) {
  const speak = useSpeak()
  const { outbox } = useField()
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const { draft, change, kept } = control
  const handIn = view.hand_in ?? []
  const needs = wanted(handIn, draft.outcome)
  const lacks = lacking(draft, handIn)
  const ready = draft.outcome !== null && lacks.length === 0
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!ready || busy) return
    setBusy(true)
    for (const command of commandsOf(view.job, draft, handIn)) if (!queued(outbox, command.key)) await outbox.enqueue(command)
    close()
  }
  return (
    <form className="completion" onSubmit={(event) => void submit(event)} noValidate>
      <h2 id="completion-title">{speak('job/completeTitle')}</h2>
      <div className="parts">
        <Choices label={speak('job/completeTitle')} value={draft.outcome} options={OUTCOMES} words={(one) => speak.word('outcome', one)} choose={(outcome) => change({ outcome })} />
        <Seen control={control} />
        <Words control={control} needed={needs.has('note')} />
        <Photos control={control} needed={needs.has('photo')} />
        <Signature control={control} needed={needs.has('signature')} />
      </div>
      <footer>
        {!kept && (
          <p role="status" className="danger">
            {speak('handin/notKept')}
          </p>
        )}
        {tried && !ready && <Lacking what={lacks} outcome={draft.outcome} />}
        <Button type="submit" className="primary" variant="contained" fullWidth disabled={busy}>
          {speak(busy ? 'handin/taking' : 'job/finish')}
        </Button>
        <Button fullWidth color="inherit" onClick={close}>
          {speak('handin/later')}
        </Button>
      </footer>
    </form>
  )
}

/** The end of a visit. It can be left and come back to; nothing that was entered is lost. */
export function CompletionForm({ view, close }: CompletionProps) {
  const { account } = useField()
  const control = useDraft(account.id, view.job)
  if (!control) return null
  return (
    <Dialog open fullScreen onClose={close} aria-labelledby="completion-title">
      <Form view={view} control={control} close={close} />
    </Dialog>
  )
}
