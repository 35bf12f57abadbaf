import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ApiError } from '../kernel/api'
import { pair } from './api'
import { Frame } from './Frame'
import { pairedAs } from './phone'
import { useWords, type Word } from './words'

const DIGITS = 8

/** Eight digits, typed or brought by a link, and this telephone is hers. */
export function Pair({ given, done }: { given: string; done: () => void }) {
  const { say } = useWords()
  const [code, setCode] = useState(given)
  const [trouble, setTrouble] = useState<Word | null>(null)
  const [busy, setBusy] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const send = async (digits: string) => {
    setTrouble(digits.length < DIGITS ? 'codeShort' : null)
    if (digits.length < DIGITS) return field.current?.focus()
    setBusy(true)
    try {
      const { device, secret, name } = await pair(digits)
      pairedAs(device, secret, name)
      done()
    } catch (error) {
      setTrouble(troubleOf(error))
      setBusy(false)
    }
  }
  const first = useRef(send)
  useEffect(() => {
    if (given.length === DIGITS) void first.current(given)
  }, [given])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void send(code)
  }
  return (
    <Frame spot="pair" heading={say('forElder')}>
      <form className="code" onSubmit={submit} noValidate>
        <label htmlFor="code">{say('codeLead')}</label>
        <input
          id="code" ref={field} inputMode="numeric" autoComplete="one-time-code" maxLength={DIGITS} value={code}
          placeholder="········" aria-invalid={trouble !== null} aria-describedby="codetrouble"
          onChange={(event) => setCode(event.target.value.replace(/\D/g, ''))}
        />
        <p id="codetrouble" className="fault" role="alert">{trouble && say(trouble, { n: DIGITS - code.length })}</p>
        <button type="submit" className="primary" disabled={busy}>{say(busy ? 'loading' : 'codeGo')}</button>
      </form>
    </Frame>
  )
}

function troubleOf(error: unknown): Word {
  if (!(error instanceof ApiError) || error.status >= 500) return 'codeAway'
  return error.status === 429 ? 'codeMany' : 'codeWrong'
}
