import { type FormEvent, useState } from 'react'
import type { Account, CodeSent, Session } from '../../generated/http'
import { request } from '../../kernel/api'
import { Fault, Frame } from './Frame'
import { useSay } from './words'

interface Sent {
  phone: string
  voice: boolean
}

/** A telephone is proved by digits that come to it. */
export function Login({ done }: { done: (account: Account) => void }) {
  const { say } = useSay()
  const [sent, setSent] = useState<Sent | null>(null)
  return (
    <Frame home heading={say('title')}>
      <p>{say('lead')}</p>
      {sent ? <Digits sent={sent} back={() => setSent(null)} done={done} /> : <Phone sent={setSent} />}
    </Frame>
  )
}

function Phone({ sent }: { sent: (sent: Sent) => void }) {
  const { say } = useSay()
  const [phone, setPhone] = useState('')
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const plain = phone.replace(/\D/g, '').replace(/^86(?=1\d{10}$)/, '')
  const ask = async (voice: boolean) => {
    setBusy(true)
    setFault(null)
    try {
      await request<CodeSent>('/family/login-codes', { method: 'POST', body: { phone: plain, by: voice ? 'voice' : 'text' } })
      sent({ phone: plain, voice })
    } catch (error) {
      setFault(error)
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void ask(false)
  }
  return (
    <form className="ask" onSubmit={submit} noValidate>
      <label htmlFor="phone">{say('phone')}</label>
      <input id="phone" type="tel" inputMode="tel" autoComplete="tel" value={phone} onChange={(e) => setPhone(e.target.value)} />
      <Fault error={fault} />
      <button type="submit" className="primary" disabled={busy}>{say('sendText')}</button>
      <button type="button" className="second" disabled={busy} onClick={() => void ask(true)}>{say('sendVoice')}</button>
    </form>
  )
}

function Digits({ sent, back, done }: { sent: Sent; back: () => void; done: (account: Account) => void }) {
  const { say } = useSay()
  const [code, setCode] = useState('')
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      const session = await request<Session>('/family/sessions', { method: 'POST', body: { phone: sent.phone, code } })
      done(session.account)
    } catch (error) {
      setFault(error)
      setBusy(false)
    }
  }
  return (
    <form className="ask" onSubmit={(event) => void submit(event)} noValidate>
      <p role="status">{say(sent.voice ? 'sentVoice' : 'sent', { phone: sent.phone })}</p>
      <label htmlFor="digits">{say('digits')}</label>
      <input id="digits" className="digits" inputMode="numeric" autoComplete="one-time-code" autoFocus maxLength={6} value={code} onChange={(e) => setCode(e.target.value.replace(/\D/g, ''))} />
      <Fault error={fault} />
      <button type="submit" className="primary" disabled={busy || code.length !== 6}>{say('enter')}</button>
      <button type="button" className="second" onClick={back}>{say('otherPhone')}</button>
    </form>
  )
}
