import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { PasskeyOptions, SecondStep, Session } from '../generated/http'
import { ApiError, request } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { canPasskeys, showPasskey } from '../kernel/passkey'

type Fault = 'wrongCode' | 'network' | 'refused' | 'noPasskey'

const faultOf = (error: unknown): Fault =>
  !(error instanceof ApiError) || error.status >= 500 ? 'network' : error.status === 429 ? 'refused' : 'wrongCode'

/** Logs in with a passkey of this browser; null when its owner would rather not. */
export async function byPasskey(): Promise<Session | null> {
  const { step, options } = await request<PasskeyOptions>('/sessions/passkey-options', { method: 'POST' })
  const credential = await showPasskey(options)
  return credential && request<Session>('/sessions/passkey', { method: 'POST', body: { step, credential } })
}

interface PasskeyProps {
  entered: (session: Session) => void
  plain?: boolean
}

export function Passkey({ entered, plain = false }: PasskeyProps) {
  const speak = useSpeak()
  const [fault, setFault] = useState<Fault | null>(null)
  if (!canPasskeys()) return null
  const go = async () => {
    setFault(null)
    try {
      const session = await byPasskey()
      if (session) entered(session)
      else setFault('noPasskey')
    } catch (error) {
      setFault(faultOf(error) === 'wrongCode' ? 'noPasskey' : faultOf(error))
    }
  }
  return (
    <>
      <button type="button" className={plain ? 'other' : 'submit'} onClick={() => void go()}>
        {speak('login/passkey')}
      </button>
      {fault && (
        <p className="fault" role="alert">
          {fault === 'refused' ? speak('problem/http_429') : speak(`login/${fault}`)}
        </p>
      )}
    </>
  )
}

interface SecondProps {
  half: SecondStep
  entered: (session: Session) => void
  back: () => void
}

/** The other half of a login. */
export function Second({ half, entered, back }: SecondProps) {
  const speak = useSpeak()
  const [fault, setFault] = useState<Fault | null>(null)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget).get('code')).trim()
    if (busy || code.length < 6) return field.current?.focus()
    setBusy(true)
    setFault(null)
    try {
      entered(await request<Session>('/sessions/second', { method: 'POST', body: { step: half.step, code } }))
    } catch (error) {
      setFault(faultOf(error))
      field.current?.select()
    } finally {
      setBusy(false)
    }
  }
  useEffect(() => field.current?.focus(), [])
  const digits = half.methods.includes('totp')
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <p>{speak('login/secondFirst')}</p>
      {half.methods.includes('passkey') && <Passkey entered={entered} />}
      <div>
        <label htmlFor="code">{speak(digits ? 'login/code' : 'login/recovery')}</label>
        <input id="code" name="code" ref={field} autoComplete="one-time-code" inputMode={digits ? 'numeric' : 'text'} autoCapitalize="none" spellCheck={false} maxLength={64} aria-describedby="code-hint" aria-invalid={fault === 'wrongCode'} />
        <p id="code-hint" className="quiet small">
          {speak(digits ? 'login/codeHint' : 'login/recoveryHint')}
        </p>
      </div>
      {fault && (
        <p className="fault" role="alert">
          {fault === 'refused' ? speak('problem/http_429') : speak(`login/${fault}`)}
        </p>
      )}
      <button type="submit" className="submit" aria-disabled={busy}>
        {speak(busy ? 'login/checking' : 'login/submit')}
      </button>
      <button type="button" className="other" onClick={back}>
        {speak('common/back')}
      </button>
    </form>
  )
}
