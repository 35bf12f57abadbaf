import { type FormEvent, useState } from 'react'
import type { Consent } from '../../generated/http'
import { request } from '../../kernel/api'
import { Fault, Frame, go } from './Frame'
import { useSay } from './words'

/** The digits that the elder or a worker gave; what they allow is shown before she agrees. */
export function Agree({ name, done }: { name: string; done: () => void }) {
  const { say } = useSay()
  const [code, setCode] = useState('')
  const [shown, setShown] = useState<Consent | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const look = async (event: FormEvent) => {
    event.preventDefault()
    setFault(null)
    try {
      setShown(await request<Consent>('/family/consent', { method: 'POST', body: { code } }))
    } catch (error) {
      setFault(error)
    }
  }
  if (shown) return <Terms code={code} shown={shown} name={name} done={done} />
  return (
    <Frame heading={say('add')}>
      <form className="ask" onSubmit={(event) => void look(event)} noValidate>
        <p>{say('nobody')}</p>
        <label htmlFor="consent">{say('consentCode')}</label>
        <input id="consent" className="digits" inputMode="numeric" autoComplete="off" maxLength={8} value={code} onChange={(e) => setCode(e.target.value.replace(/\D/g, ''))} />
        <Fault error={fault} />
        <button type="submit" className="primary" disabled={code.length !== 8}>{say('look')}</button>
      </form>
    </Frame>
  )
}

function Terms({ code, shown, name, done }: { code: string; shown: Consent; name: string; done: () => void }) {
  const { say } = useSay()
  const [mine, setMine] = useState(name)
  const [fault, setFault] = useState<unknown>(null)
  const agree = async (event: FormEvent) => {
    event.preventDefault()
    setFault(null)
    try {
      await request('/family/kin', { method: 'POST', body: { code, name: mine.trim() } })
      done()
      go('')
    } catch (error) {
      setFault(error)
    }
  }
  return (
    <Frame heading={say('agreeHead', { name: shown.name_masked })}>
      <Allowed consent={shown} />
      <form className="ask" onSubmit={(event) => void agree(event)} noValidate>
        <label htmlFor="name">{say('yourName')}</label>
        <input id="name" autoComplete="name" maxLength={30} value={mine} onChange={(e) => setMine(e.target.value)} aria-describedby="whoSees" />
        <p id="whoSees">{say('nameMissing')}</p>
        <Fault error={fault} />
        <button type="submit" className="primary" disabled={mine.trim() === ''}>{say('agree')}</button>
      </form>
    </Frame>
  )
}

/** What was agreed to, for what, by whose word. */
export function Allowed({ consent }: { consent: Consent }) {
  const { say } = useSay()
  return (
    <section className="terms">
      <p>{say('agreeIs', { relation: say.code('relation', consent.relation) })}</p>
      <h2>{say('agreeSees')}</h2>
      <ul>{consent.may.map((may) => <li key={may}>{say.code('may', may)}</li>)}</ul>
      <p>{say('agreeWhy')}</p>
      <p>{say('agreeHow', { by: say.code('by', consent.given_by), how: say.code('how', consent.how) })}</p>
    </section>
  )
}
