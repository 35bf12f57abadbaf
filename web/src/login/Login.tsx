import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ApiError } from '../kernel/api'
import { speakLanguage, useSpeak } from '../kernel/i18n'
import { prefer } from '../kernel/preferences'
import { currentAccount, homeOf, login, perhapsLoggedIn } from '../kernel/session'
import { useTokens } from '../kernel/look'
import { BellMark } from '../ui/Marks'
import '../ui/base.css'
import './login.css'

type Fault = 'wrong' | 'missing' | 'network' | 'refused'

async function enter(username: string, password: string): Promise<Fault | null> {
  if (!username.trim() || !password) return 'missing'
  try {
    const { account } = await login(username.trim(), password)
    location.assign(homeOf(account.role))
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

function Form() {
  const speak = useSpeak()
  const [fault, setFault] = useState<Fault | null>(null)
  const [busy, setBusy] = useState(false)
  const message = useRef<HTMLParagraphElement>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    const data = new FormData(event.currentTarget)
    setBusy(true)
    setFault(await enter(String(data.get('username')), String(data.get('password'))))
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
    </form>
  )
}

export function Login() {
  const speak = useSpeak()
  useTokens('field')
  useEffect(() => {
    document.title = `${speak('login/title')} · ${speak('app/name')}`
  }, [speak])
  useEffect(() => {
    const why = new URLSearchParams(location.search).get('why')
    if (why || !perhapsLoggedIn()) return
    currentAccount().then(
      (account) => account && location.replace(homeOf(account.role)),
      () => undefined,
    )
  }, [])
  const ended = new URLSearchParams(location.search).get('why') === 'ended'
  return (
    <div className="login">
      <main>
        <div className="brand">
          <BellMark size={72} />
          <h1 className="name">{speak('app/name')}</h1>
          <p className="quiet">{speak('app/tagline')}</p>
        </div>
        {ended && (
          <p className="word" role="status" style={{ marginBottom: 18 }}>
            {speak('login/ended')}
          </p>
        )}
        <Form />
      </main>
      <footer>
        <span>{speak('login/help')}</span>
        <Language />
      </footer>
    </div>
  )
}
