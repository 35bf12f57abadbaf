import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { PasskeyOptions, RecoveryCodes } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { makePasskey } from '../kernel/passkey'
import { Ask } from '../ui/Ask'
import { useChange } from './api'

interface Adding {
  added: (codes: RecoveryCodes) => void
  close: () => void
}

/** The browser asks for a finger or a number and makes the key. */
export function AddPasskey({ added, close }: Adding) {
  const speak = useSpeak()
  const change = useChange()
  const [name, setName] = useState(speak('account/kind/passkey'))
  const [failed, setFailed] = useState(false)
  const make = async () => {
    setFailed(false)
    const asked = await change.send<PasskeyOptions>('/me/passkey-options', {})
    if (!asked) return false
    const credential = await makePasskey(asked.answer.options)
    if (!credential) {
      setFailed(true)
      return false
    }
    const done = await change.send<RecoveryCodes>('/me/passkeys', { step: asked.answer.step, credential, name: name.trim() })
    if (done) added(done.answer)
    return false
  }
  return (
    <Ask title={speak('account/addPasskey')} action={speak('account/next')} ready={name.trim() !== ''} command={change} close={close} send={make}>
      <TextField autoFocus sx={{ mt: 1 }} label={speak('account/name')} helperText={speak('account/nameHint')} value={name} onChange={(event) => setName(event.target.value)} slotProps={{ htmlInput: { maxLength: 64 } }} />
      {failed && (
        <p className="danger" role="alert">
          {speak('account/passkeyFailed')}
        </p>
      )}
    </Ask>
  )
}
