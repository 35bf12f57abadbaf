import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type FormEvent, useState } from 'react'
import type { OwnSecurity } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useChange } from './api'
import { Trouble } from './Trouble'

const LONGEST = { htmlInput: { maxLength: 128 } }

/** The password, changed with the old one. */
export function Password({ own }: { own: OwnSecurity }) {
  const speak = useSpeak()
  const change = useChange()
  const [changed, setChanged] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const data = new FormData(form)
    setChanged(false)
    if (!(await change.send('/me/password', { old: data.get('old'), new: data.get('new') }))) return
    form.reset()
    setChanged(true)
  }
  if (!own.has_password) return null
  return (
    <section aria-labelledby="password-title">
      <h2 id="password-title">{speak('account/passwordTitle')}</h2>
      <form className="fields" onSubmit={(event) => void submit(event)}>
        <TextField name="old" type="password" required label={speak('account/old')} autoComplete="current-password" slotProps={LONGEST} />
        <TextField name="new" type="password" required label={speak('account/new')} helperText={speak('account/newHint')} autoComplete="new-password" slotProps={LONGEST} />
        <Trouble problem={change.problem} />
        {changed && <p role="status">{speak('account/passwordChanged')}</p>}
        <Button type="submit" variant="contained" disabled={change.busy !== null}>
          {speak(change.busy ? 'common/sending' : 'common/save')}
        </Button>
      </form>
    </section>
  )
}

/** The password once more, before something that matters. */
export function Prove() {
  const speak = useSpeak()
  const change = useChange()
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    void change.send('/sessions/current/proof', { password: new FormData(event.currentTarget).get('password') })
  }
  return (
    <form className="fields prove" onSubmit={submit}>
      <p>{speak('account/prove')}</p>
      <TextField name="password" type="password" required label={speak('account/password')} autoComplete="current-password" slotProps={LONGEST} />
      <Trouble problem={change.problem} />
      <Button type="submit" variant="contained" disabled={change.busy !== null}>
        {speak('account/proveDo')}
      </Button>
    </form>
  )
}
