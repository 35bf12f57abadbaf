import MenuItem from '@mui/material/MenuItem'
import FormControlLabel from '@mui/material/FormControlLabel'
import Checkbox from '@mui/material/Checkbox'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { AccountLine, OneTimePassword } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { useChange } from './api'

export const ROLES = ['desk', 'supervisor', 'responder', 'installer', 'office', 'admin', 'auditor', 'security'] as const

interface CardProps {
  one?: AccountLine
  close: () => void
  show?: (it: OneTimePassword) => void
}

/** A new account, or what one is from now on. */
export function CardForm({ one, close, show }: CardProps) {
  const speak = useSpeak()
  const change = useChange()
  const [card, setCard] = useState({ username: one?.username ?? '', name: one?.name ?? '', role: one?.role ?? 'desk', division: one?.division ?? '', responder: '', sso: '' })
  const [atOnce, setAtOnce] = useState(false)
  const field = (name: keyof typeof card) => ({
    value: card[name],
    onChange: (event: { target: { value: string } }) => setCard({ ...card, [name]: event.target.value.trimStart() }),
  })
  const { username, name, role, division } = card
  const body = { name: name.trim(), role, division: division.trim(), sso: card.sso.trim() || null }
  const send = async () => {
    if (one) return (await change.send(`/accounts/${one.id}`, { ...body, at_once: atOnce }, 'PUT')) !== null
    const responder = role === 'responder' ? card.responder.trim() || null : null
    const made = await change.send<OneTimePassword>('/accounts', { ...body, username: username.trim(), responder })
    if (made) show?.(made.answer)
    return made !== null
  }
  const ready = [username, name, division].every((text) => text.trim() !== '')
  return (
    <Ask title={one ? speak('account/changeTitle', { name: one.name }) : speak('account/make')} action={speak('common/save')} ready={ready} command={change} close={close} send={send}>
      {!one && <TextField sx={{ mt: 1 }} autoFocus required label={speak('account/username')} autoComplete="off" {...field('username')} />}
      <TextField sx={{ mt: 1 }} required label={speak('account/personName')} autoComplete="off" {...field('name')} />
      <TextField select label={speak('account/role')} {...field('role')}>
        {ROLES.map((each) => (
          <MenuItem key={each} value={each}>
            {speak.word('accountRole', each)}
          </MenuItem>
        ))}
      </TextField>
      <TextField required label={speak('account/division')} slotProps={{ htmlInput: { inputMode: 'numeric', maxLength: 12 } }} {...field('division')} />
      {!one && role === 'responder' && <TextField required label={speak('account/responder')} {...field('responder')} />}
      <TextField label={speak('account/sso')} helperText={speak('common/optional')} {...field('sso')} />
      {one && <FormControlLabel label={speak('account/atOnce')} control={<Checkbox checked={atOnce} onChange={(_, on) => setAtOnce(on)} />} />}
    </Ask>
  )
}
