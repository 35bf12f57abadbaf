import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'
import type { AccountLine, OneTimePassword } from '../generated/http'
import { type Key, useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { useChange } from './api'
import { CardForm } from './CardForm'

interface Act {
  label: Key
  ask: Key | null
  path: string
  method: 'POST' | 'DELETE'
  /** Whether somebody on a case has to be ended in so many words. */
  ends: boolean
}

const act = (label: Key, ask: Key | null, path: string, method: Act['method'] = 'POST', ends = false): Act => ({ label, ask, path, method, ends })

function actsOn(one: AccountLine): Act[] {
  if (one.disabled_at) return [act('account/reopen', null, 'reopen')]
  return [
    act('account/resetPassword', 'account/resetPasswordAsk', 'password'),
    ...(one.factors > 0 ? [act('account/resetFactors', 'account/resetFactorsAsk', 'factors', 'DELETE')] : []),
    ...(one.locked ? [act('account/unlock', null, 'lock', 'DELETE')] : []),
    ...(one.sessions > 0 ? [act('account/endSessions', 'account/endSessionsAsk', 'sessions/end', 'POST', true)] : []),
    act('account/close', 'account/closeAsk', 'close', 'POST', true),
  ]
}

interface ActionsProps {
  one: AccountLine
  proved: boolean
  show: (it: OneTimePassword) => void
}

/** What can be done with an account; what ends something is asked again. */
export function Actions({ one, proved, show }: ActionsProps) {
  const speak = useSpeak()
  const change = useChange()
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const [asked, setAsked] = useState<Act | 'change' | null>(null)
  const [atOnce, setAtOnce] = useState(false)
  const send = async ({ path, method, ends }: Act) => {
    const done = await change.send<OneTimePassword>(`/accounts/${one.id}/${path}`, method === 'DELETE' ? undefined : ends ? { at_once: atOnce } : {}, method)
    if (done && path === 'password') show(done.answer)
    return done !== null
  }
  const choose = (next: Act | 'change') => {
    setPlace(null)
    if (next !== 'change' && !next.ask) void send(next)
    else setAsked(next)
  }
  return (
    <>
      <Button variant="outlined" color="inherit" disabled={!proved || change.busy !== null} aria-haspopup="menu" aria-label={`${speak('account/change')} ${one.name}`} onClick={(event) => setPlace(event.currentTarget)}>
        {speak('account/change')}
      </Button>
      <Menu open={place !== null} anchorEl={place} onClose={() => setPlace(null)}>
        <MenuItem onClick={() => choose('change')}>{speak('account/change')}</MenuItem>
        {actsOn(one).map((each) => (
          <MenuItem key={each.label} onClick={() => choose(each)}>
            {speak(each.label)}
          </MenuItem>
        ))}
      </Menu>
      {asked === 'change' && <CardForm one={one} close={() => setAsked(null)} />}
      {asked && asked !== 'change' && asked.ask && (
        <Ask title={speak(asked.ask, { name: one.name })} action={speak(asked.label)} ready danger command={change} close={() => setAsked(null)} send={() => send(asked)}>
          {asked.ends && one.on_a_case && <FormControlLabel label={speak('account/atOnce')} control={<Checkbox checked={atOnce} onChange={(_, on) => setAtOnce(on)} />} />}
        </Ask>
      )}
    </>
  )
}
