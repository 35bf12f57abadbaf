import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Doors, SecondStep } from '../generated/http'
import { API, ApiError, request } from '../kernel/api'
import { speakLanguage, useSpeak } from '../kernel/i18n'
import { prefer } from '../kernel/preferences'
import { currentAccount, enter, login, perhapsLoggedIn, placeOf } from '../kernel/session'
import { useTokens } from '../kernel/look'
import { BellMark } from '../ui/Marks'
import { Passkey, Second } from './Second'
import '../ui/base.css'
import './login.css'

type Fault = 'wrong' | 'missing' | 'network' | 'refused'

async function tried(username: string, password: string, half: (step: SecondStep) => void): Promise<Fault | null> {
  if (!username.trim() || !password) return 'missing'
  try {
    const came = await login(username.trim(), password)
    if ('step' in came) half(came)
    else enter(came)
    return null
  } catch (error) {
    if (!(error instanceof ApiError)) return 'network'
    if (error.status === 429) return 'refused'
    return error.status < 500 ? 'wrong' : 'network'
  }
}

function Language() {
  const { lang } = useSpeak()
  const other = lang === 'en' ? 'zh-CN' : 'en'
  const change = () => {
    prefer({ lang: other })
    void speakLanguage(other)
  }
  return (
    <button type="button" lang={other} onClick={change}>
      {other === 'en' ? 'English' : '中文'}
    </button>
  )
}

function Password() {
  const speak = useSpeak()
  const [shown, setShown] = useState(false)
  return (
    <div>
      <label htmlFor="password">{speak('login/password')}</label>
      <div className="secret">
        <input id="password" name="password" type={shown ? 'text' : 'password'} autoComplete="current-password" required />
        <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
          {speak(shown ? 'login/hide' : 'login/show')}
        </button>
      </div>
    </div>
  )
}

function Form({ half }: { half: (step: SecondStep) => void }) {
  const speak = useSpeak()
  const [fault, setFault] = useState<Fault | null>(null)
  const [busy, setBusy] = useState(false)
  const message = useRef<HTMLParagraphElement>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    const data = new FormData(event.currentTarget)
    setBusy(true)
    setFault(await tried(String(data.get('username')), String(data.get('password')), half))
    setBusy(false)
  }
  useEffect(() => {
    if (fault) message.current?.focus()
  }, [fault])
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      {fault && (
        <p className="fault" role="alert" tabIndex={-1} ref={message}>
          {fault === 'refused' ? speak('problem/http_429') : speak(`login/${fault}`)}
        </p>
      )}
      <div>
        <label htmlFor="username">{speak('login/username')}</label>
        <input id="username" name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      </div>
      <Password />
      <button type="submit" className="submit" aria-disabled={busy}>
        {speak(busy ? 'login/checking' : 'login/submit')}
      </button>
      <OtherWays />
    </form>
  )
}

/** A passkey of this browser, the office's own sign-on. */
function OtherWays() {
  const [sso, setSso] = useState<string | null>(null)
  useEffect(() => {
    request<Doors>('/sessions/doors').then(
      (doors) => setSso(doors.sso ?? null),
      () => undefined,
    )
  }, [])
  return (
    <>
      <Passkey entered={enter} plain />
      {sso && (
        <a className="other" href={`${API}/sessions/sso`}>
          {sso}
        </a>
      )}
    </>
  )
}

/** The office's sign-on came back with half a login: the address is cleared of it at once. */
function halfFromAddress(): SecondStep | null {
  const step = new URLSearchParams(location.hash.slice(1)).get('step')
  if (!step) return null
  history.replaceState(null, '', '/')
  return { step, methods: ['totp'], expires_at: '' }
}

export function Login() {
  const speak = useSpeak()
  const [half, setHalf] = useState(halfFromAddress)
  useTokens('field')
  useEffect(() => {
    document.title = `${speak('login/title')} · ${speak('app/name')}`
  }, [speak])
  useEffect(() => {
    const why = new URLSearchParams(location.search).get('why')
    const signedOn = new URLSearchParams(location.search).has('via')
    if (why || half || !(signedOn || perhapsLoggedIn())) return
    currentAccount().then(
      (account) => account && location.replace(placeOf(account)),
      () => undefined,
    )
  }, [half])
  const why = new URLSearchParams(location.search).get('why')
  return (
    <div className="login">
      <main>
        <div className="brand">
          <BellMark size={72} />
          <h1 className="name">{speak('app/name')}</h1>
          <p className="quiet">{speak('app/tagline')}</p>
        </div>
        {(why === 'ended' || why === 'sso') && (
          <p className="word" role="status" style={{ marginBottom: 18 }}>
            {speak(`login/${why}`)}
          </p>
        )}
        {half ? <Second half={half} entered={enter} back={() => setHalf(null)} /> : <Form half={setHalf} />}
      </main>
      <footer>
        <span>{speak('login/help')}</span>
        <Language />
      </footer>
    </div>
  )
}
