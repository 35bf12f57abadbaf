import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Account, Registered, Registration } from '../generated/http'
import { forgetDrafts, useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { useOrder } from '../things/api'
import { Secret } from '../things/Secret'
import { Ask } from '../ui/Ask'
import { Foot } from '../ui/Foot'

const DRAFT = 'device new '
const KINDS: readonly Registration['kind'][] = ['button', 'wearable', 'sensor', 'hub', 'sms']

interface RegisterProps {
  account: Account
  close: () => void
  show: (device: string) => void
}

function Done({ done, close }: { done: Registered; close: () => void }) {
  const speak = useSpeak()
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby="registered">
      <DialogTitle id="registered">{speak('register/done', { device: done.device })}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        {done.claim_code && <Secret title={speak('device/codeTitle')} text={done.claim_code} hint={speak('device/codeHint')} />}
        {done.secret && <Secret title={speak('register/factory')} text={done.secret} hint={speak('device/secretHint')} />}
      </DialogContent>
      <Foot close={close} words={speak('register/close')} />
    </Dialog>
  )
}

/** A new device of our own: its claim code and factory key are shown once. */
export function Register({ account, close, show }: RegisterProps) {
  const speak = useSpeak()
  const order = useOrder()
  const [id, setId] = useDraft(`${DRAFT}id`)
  const [kind, setKind] = useState<Registration['kind']>('button')
  const [model, setModel] = useDraft(`${DRAFT}model`)
  const [division, setDivision] = useState(account.division.length >= 6 ? account.division : '')
  const [prefix, setPrefix] = useDraft(`${DRAFT}prefix`)
  const [beat, setBeat] = useDraft(`${DRAFT}beat`)
  const [done, setDone] = useState<Registered | null>(null)
  const hub = kind === 'hub'
  const body: Registration = {
    id: id.trim(), kind, model: model.trim(), division: division.trim(), cls: hub ? 'hub' : 'own',
    ...(hub && prefix.trim() ? { prefix: prefix.trim() } : {}),
    ...(beat.trim() ? { beat_s: Number(beat) } : {}),
  }
  const send = async () => {
    const registered = await order.send<Registered>({ path: '/devices', body })
    if (registered) forgetDrafts(DRAFT)
    setDone(registered)
    return false
  }
  if (done) return <Done done={done} close={() => (show(done.device), close())} />
  return (
    <Ask title={speak('register/title')} action={speak('register/do')} ready={id.trim() !== '' && model.trim() !== '' && division.trim() !== ''} command={order} close={close} send={send}>
      <TextField autoFocus required label={speak('register/id')} value={id} onChange={(event) => setId(event.target.value)} />
      <TextField select label={speak('register/kind')} value={kind} onChange={(event) => setKind(event.target.value as 'button')}>
        {KINDS.map((one) => (
          <MenuItem key={one} value={one}>
            {speak.word('deviceKind', one)}
          </MenuItem>
        ))}
      </TextField>
      <TextField required label={speak('register/model')} value={model} onChange={(event) => setModel(event.target.value)} />
      <TextField required label={speak('register/division')} value={division} slotProps={{ htmlInput: { inputMode: 'numeric' } }} onChange={(event) => setDivision(event.target.value)} />
      {hub && <TextField label={speak('register/prefix')} helperText={speak('register/prefixHint')} value={prefix} onChange={(event) => setPrefix(event.target.value)} />}
      <TextField label={speak('register/beat')} helperText={speak('register/beatHint')} value={beat} slotProps={{ htmlInput: { inputMode: 'numeric' } }} onChange={(event) => setBeat(event.target.value)} />
    </Ask>
  )
}
