import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { ElderLine, IncidentView, PhoneIncident } from '../generated/http'
import { act } from '../kernel/api'
import { forgetDrafts, useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { FindElder } from '../ui/FindElder'

const KINDS: readonly NonNullable<PhoneIncident['kind']>[] = ['sos', 'fall', 'vital', 'smoke', 'gas', 'fence_exit', 'water']
const WORDS = 'phone '

interface PhoneProps {
  close: () => void
  opened: (incident: string) => void
}

/** Somebody telephones: find the elder, say what it is, and it rings like any other. */
export function Phone({ close, opened }: PhoneProps) {
  const speak = useSpeak()
  const [elder, setElder] = useState<ElderLine | null>(null)
  const [kind, setKind] = useState<NonNullable<PhoneIncident['kind']>>('sos')
  const [note, setNote] = useDraft(`${WORDS}note`)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const open = async (chosen: ElderLine) => {
    setBusy(true)
    setProblem(null)
    try {
      const view = await act<IncidentView>('/incidents', { body: { elder: chosen.id, kind, note } satisfies PhoneIncident })
      forgetDrafts(WORDS)
      opened(view.row.incident)
    } catch (error) {
      setProblem(error)
      setBusy(false)
    }
  }
  return (
    <Dialog open fullWidth maxWidth="sm" onClose={close} aria-labelledby="phone-title">
      <DialogTitle id="phone-title">{speak('phone/title')}</DialogTitle>
      <DialogContent>
        {!elder && <FindElder choose={setElder} />}
        {elder && (
          <>
            <p className="chosen">
              <span>
                <strong>{speak('phone/chosen', { name: elder.name_masked })}</strong> {elder.place}
              </span>
              <Button color="inherit" variant="outlined" onClick={() => setElder(null)}>
                {speak('phone/change')}
              </Button>
            </p>
            <fieldset>
              <legend>{speak('phone/kind')}</legend>
              <RadioGroup className="two" aria-label={speak('phone/kind')} value={kind} onChange={(_, value) => setKind(value as 'sos')}>
                {KINDS.map((one) => (
                  <FormControlLabel key={one} value={one} control={<Radio />} label={speak.word('kind', one)} />
                ))}
              </RadioGroup>
            </fieldset>
            <TextField fullWidth multiline minRows={2} sx={{ mt: 2 }} label={speak('phone/note')} value={note} onChange={(event) => setNote(event.target.value)} />
          </>
        )}
        {problem !== null && (
          <p className="danger" role="alert">
            {speak.problem(problem)}
          </p>
        )}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={close}>
          {speak('common/cancel')}
        </Button>
        <Button variant="contained" disabled={!elder || busy} onClick={() => elder && void open(elder)}>
          {speak(busy ? 'common/sending' : 'phone/open')}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
