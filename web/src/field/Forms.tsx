import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import { type ReactNode, useState } from 'react'
import type { Decline } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Glyph } from '../ui/Marks'
import type { JobControl, Trouble } from './job'
import { REASONS } from './Offer'

interface SheetProps {
  title: string
  control: JobControl
  close: () => void
  action: string
  ready: boolean
  send: () => Promise<boolean>
  children: ReactNode
}

export function Sheet({ title, control, close, action, ready, send, children }: SheetProps) {
  const speak = useSpeak()
  return (
    <Dialog open fullWidth onClose={close} aria-labelledby="sheet-title">
      <DialogTitle id="sheet-title">{title}</DialogTitle>
      <DialogContent>
        {children}
        {control.problem !== null && <p className="danger" role="alert">{speak.problem(control.problem)}</p>}
        {control.tries > 0 && <p role="status">{speak('common/tryingAgain', { n: control.tries })}</p>}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={close}>
          {speak('common/cancel')}
        </Button>
        <Button variant="contained" disabled={!ready || control.busy !== null} onClick={() => void send().then((done) => done && close())}>
          {control.busy ? speak('common/sending') : action}
        </Button>
      </DialogActions>
    </Dialog>
  )
}

const TROUBLE = {
  support: ['job/support', 'job/supportHint'],
  'no-access': ['job/noAccess', 'job/noAccessHint'],
  'not-found': ['job/notFound', 'job/notFoundHint'],
} as const

/** 120 is telephoned at once, and the desk knows of it; in a drill only the desk. */
export function Ambulance({ drill, control, close }: { drill: boolean; control: JobControl; close: () => void }) {
  const speak = useSpeak()
  const tell = () => control.send('support', { need: 'ambulance' })
  return (
    <Sheet title={speak('ambulance/title')} control={control} close={close} action={speak('ambulance/tell')} ready send={tell}>
      {drill ? (
        <p>{speak('app/drillLong')}</p>
      ) : (
        <>
          <p>{speak('ambulance/hint')}</p>
          <a className="tel alert call" href="tel:120" onClick={() => void tell().then(close)}>
            <Glyph name="phone" />
            {speak('ambulance/call')}
          </a>
        </>
      )}
    </Sheet>
  )
}

export function TroubleForm({ what, control, close }: { what: Trouble; control: JobControl; close: () => void }) {
  const speak = useSpeak()
  const [title, hint] = TROUBLE[what]
  return (
    <Sheet title={speak(title)} control={control} close={close} action={speak('job/send')} ready send={() => control.send(what)}>
      <p>{speak(hint)}</p>
    </Sheet>
  )
}

type Reason = NonNullable<Decline['reason']>

export function GiveBack({ offer, control, close }: { offer: string; control: JobControl; close: () => void }) {
  const speak = useSpeak()
  const [reason, setReason] = useState<Reason | null>(null)
  const send = () => control.giveBack(offer, reason ?? 'other')
  return (
    <Sheet title={speak('job/giveBack')} control={control} close={close} action={speak('job/giveBackDo')} ready={reason !== null} send={send}>
      <p>{speak('job/giveBackHint')}</p>
      <RadioGroup aria-label={speak('offer/declineTitle')} value={reason ?? ''} onChange={(_, value) => setReason(value as Reason)}>
        {REASONS.map((one) => (
          <FormControlLabel key={one} value={one} control={<Radio />} label={speak.word('decline', one)} />
        ))}
      </RadioGroup>
    </Sheet>
  )
}
