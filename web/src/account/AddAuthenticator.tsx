import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { AuthenticatorMade, RecoveryCodes } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { useChange } from './api'

interface Adding {
  added: (codes: RecoveryCodes) => void
  close: () => void
}

const DIGITS = /^\d{6}$/

/** First a name, then the picture for the app and the digits that prove it was read. */
export function AddAuthenticator({ added, close }: Adding) {
  const speak = useSpeak()
  const change = useChange()
  const [name, setName] = useState(speak('account/kind/totp'))
  const [made, setMade] = useState<AuthenticatorMade | null>(null)
  const [code, setCode] = useState('')
  const begin = async () => {
    const begun = await change.send<AuthenticatorMade>('/me/authenticators', { name: name.trim() })
    if (begun) setMade(begun.answer)
    return false
  }
  const finish = async () => {
    const done = await change.send<RecoveryCodes>(`/me/authenticators/${made?.factor}/confirm`, { code })
    if (done) added(done.answer)
    return false
  }
  const title = speak('account/addTotp')
  if (!made) {
    return (
      <Ask title={title} action={speak('account/next')} ready={name.trim() !== ''} command={change} close={close} send={begin}>
        <TextField autoFocus sx={{ mt: 1 }} label={speak('account/name')} helperText={speak('account/nameHint')} value={name} onChange={(event) => setName(event.target.value)} slotProps={{ htmlInput: { maxLength: 64 } }} />
      </Ask>
    )
  }
  return (
    <Ask title={title} action={speak('account/proveDo')} ready={DIGITS.test(code)} command={change} close={close} send={finish}>
      <p>{speak('account/scan')}</p>
      <img className="qr" src={made.picture} alt={speak('account/picture')} />
      <p>
        {speak('account/key')} <code className="mono key">{made.key.replaceAll(/(.{4})/g, '$1 ')}</code>
      </p>
      <TextField autoFocus label={speak('account/digits')} value={code} onChange={(event) => setCode(event.target.value.trim())} slotProps={{ htmlInput: { inputMode: 'numeric', autoComplete: 'one-time-code', maxLength: 6 } }} />
    </Ask>
  )
}
