import Button from '@mui/material/Button'
import { useState } from 'react'
import type { FactorLine, OwnSecurity, RecoveryCodes } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { canPasskeys } from '../kernel/passkey'
import { clockTime } from '../kernel/time'
import { Ask } from '../ui/Ask'
import { AddAuthenticator } from './AddAuthenticator'
import { AddPasskey } from './AddPasskey'
import { useChange } from './api'
import { Codes } from './Codes'
import { Prove } from './Password'
import { Trouble } from './Trouble'

type Doing = 'totp' | 'passkey' | null

function Line({ one }: { one: FactorLine }) {
  const speak = useSpeak()
  const change = useChange()
  const [asking, setAsking] = useState(false)
  const remove = async () => (await change.send(`/me/factors/${one.id}`, undefined, 'DELETE')) !== null
  return (
    <li>
      <span>
        <strong>{one.name}</strong> <span className="quiet">{speak(`account/kind/${one.kind}`)}</span>
        <span className="small block quiet">
          {speak('account/added', { time: clockTime(one.added_at, speak.lang) })} · {one.used_at ? speak('account/used', { time: clockTime(one.used_at, speak.lang) }) : speak('account/neverUsed')}
        </span>
      </span>
      <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
        {speak('account/remove')}
      </Button>
      {asking && (
        <Ask title={speak('account/removeAsk', { name: one.name })} action={speak('account/remove')} ready danger command={change} close={() => setAsking(false)} send={remove} />
      )}
    </li>
  )
}

/** What one shows besides a password. */
export function Factors({ own }: { own: OwnSecurity }) {
  const speak = useSpeak()
  const change = useChange()
  const [doing, setDoing] = useState<Doing>(null)
  const [codes, setCodes] = useState<readonly string[]>([])
  const added = ({ codes: fresh }: RecoveryCodes) => {
    setDoing(null)
    setCodes(fresh)
  }
  const renew = async () => {
    const made = await change.send<RecoveryCodes>('/me/recovery-codes', {})
    if (made) setCodes(made.answer.codes)
  }
  return (
    <section aria-labelledby="factors-title">
      <h2 id="factors-title">{speak('account/factors')}</h2>
      {own.factors.length === 0 && <p className="quiet">{speak('account/noFactors')}</p>}
      <ul className="lines">
        {own.factors.map((one) => (
          <Line key={one.id} one={one} />
        ))}
      </ul>
      {own.proved ? (
        <div className="tools">
          <Button variant="contained" onClick={() => setDoing('totp')}>
            {speak('account/addTotp')}
          </Button>
          {canPasskeys() && (
            <Button variant="contained" onClick={() => setDoing('passkey')}>
              {speak('account/addPasskey')}
            </Button>
          )}
          {own.factors.length > 0 && (
            <Button variant="outlined" color="inherit" disabled={change.busy !== null} onClick={() => void renew()}>
              {speak('account/codesNew')}
            </Button>
          )}
        </div>
      ) : (
        <Prove />
      )}
      {own.factors.length > 0 && <p className="quiet">{speak('account/codesLeft', { n: own.recovery_left })}</p>}
      <Trouble problem={change.problem} />
      {doing === 'totp' && <AddAuthenticator added={added} close={() => setDoing(null)} />}
      {doing === 'passkey' && <AddPasskey added={added} close={() => setDoing(null)} />}
      {codes.length > 0 && <Codes codes={codes} close={() => setCodes([])} />}
    </section>
  )
}
