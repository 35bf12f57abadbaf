import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { AccountLine, OneTimePassword } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useSettled } from '../kernel/settled'
import { Tag } from '../ui/Marks'
import { useOwn, useStaff } from './api'
import { Actions } from './Actions'
import { CardForm, ROLES } from './CardForm'
import { OneTime } from './OneTime'
import { Prove } from './Password'
import { Trouble } from './Trouble'

const TYPING_MS = 250

function Marks({ one }: { one: AccountLine }) {
  const speak = useSpeak()
  return (
    <>
      {one.disabled_at && <Tag tone="alert">{speak('account/closed')}</Tag>}
      {one.locked && <Tag tone="warn">{speak('account/locked')}</Tag>}
      {one.one_time && <Tag>{speak('account/waiting')}</Tag>}
      {one.factors > 0 && <Tag tone="good">{speak('account/twoFactors')}</Tag>}
      {one.on_a_case && <Tag tone="warn">{speak('account/onACase')}</Tag>}
      {one.sessions > 0 && <span className="quiet small">{speak('account/sessionsCount', { n: one.sessions })}</span>}
    </>
  )
}

/** Accounts of those who work here. */
export function Staff() {
  const speak = useSpeak()
  const own = useOwn()
  const [text, setText] = useState('')
  const [role, setRole] = useState('')
  const [making, setMaking] = useState(false)
  const [shown, setShown] = useState<OneTimePassword | null>(null)
  const q = useSettled(text.trim(), TYPING_MS)
  const { items, error, hasNextPage, fetchNextPage, isPending } = useStaff({ q, role })
  const proved = own.data?.proved ?? false
  return (
    <>
      {own.data && !proved && <Prove />}
      <div className="filters">
        <TextField label={speak('account/search')} value={text} onChange={(event) => setText(event.target.value)} />
        <TextField select label={speak('account/role')} value={role} onChange={(event) => setRole(event.target.value)} sx={{ minWidth: '12rem' }}>
          <MenuItem value="">{speak('account/everyRole')}</MenuItem>
          {ROLES.map((one) => (
            <MenuItem key={one} value={one}>
              {speak.word('accountRole', one)}
            </MenuItem>
          ))}
        </TextField>
        <Button variant="contained" disabled={!proved} onClick={() => setMaking(true)}>
          {speak('account/make')}
        </Button>
      </div>
      <Trouble problem={error} />
      <p role="status">{isPending ? speak('common/loading') : items.length === 0 ? speak('account/none') : ''}</p>
      <ul className="lines">
        {items.map((one) => (
          <li key={one.id}>
            <span>
              <strong>{one.name}</strong> <span className="mono">{one.username}</span> <span className="quiet">{speak.word('accountRole', one.role)} · {one.division}</span> <Marks one={one} />
            </span>
            <Actions one={one} proved={proved} show={setShown} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="outlined" color="inherit" onClick={() => void fetchNextPage()}>
          {speak('common/more')}
        </Button>
      )}
      {making && <CardForm close={() => setMaking(false)} show={setShown} />}
      {shown && <OneTime it={shown} close={() => setShown(null)} />}
    </>
  )
}
