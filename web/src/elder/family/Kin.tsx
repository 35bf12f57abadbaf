import { useEffect, useState } from 'react'
import type { Account, ConsentCode, KinLine, NewConsent } from '../../generated/http'
import { request } from '../../kernel/api'
import { Frame } from '../Frame'
import { useAsked } from './api'
import './family.css'
import { Fault, Shown, Sure } from './Frame'
import { useSay } from './words'

const RELATIONS = ['daughter', 'son', 'spouse', 'daughter_in_law', 'son_in_law', 'grandchild', 'sibling', 'relative', 'friend'] as const
const MORE = ['devices', 'orders', 'health'] as const

/** Who may see how she is; she lets somebody in, and shuts the door again. */
export default function Kin() {
  const { say } = useSay()
  const me = useAsked<Account>('/sessions/current', 0)
  return (
    <Frame spot="kin" heading={say('whoSees')}>
      <Shown asked={me}>{({ elder }) => (elder ? <List elder={elder} /> : null)}</Shown>
    </Frame>
  )
}

function List({ elder }: { elder: string }) {
  const { say } = useSay()
  const [news, setNews] = useState(0)
  const [adding, setAdding] = useState(false)
  const asked = useAsked<{ items: KinLine[] }>(`/elders/${encodeURIComponent(elder)}/kin`, news)
  // her child may use the code at any moment
  useEffect(() => {
    const timer = setInterval(() => setNews((n) => n + 1), 5_000)
    return () => clearInterval(timer)
  }, [])
  if (adding) return <Add elder={elder} done={() => setAdding(false)} />
  return (
    <>
      <Shown asked={asked}>
        {({ items }) => (
          <>
            {items.length === 0 && <p role="status">{say('nobodySees')}</p>}
            {items.map((one) => <Person key={one.kin} one={one} done={() => setNews((n) => n + 1)} />)}
          </>
        )}
      </Shown>
      <button type="button" className="primary" onClick={() => setAdding(true)}>{say('letIn')}</button>
    </>
  )
}

function Person({ one, done }: { one: KinLine; done: () => void }) {
  const { say } = useSay()
  const [asking, setAsking] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const end = () => request(`/kin/${one.kin}`, { method: 'DELETE' }).catch(setFault).then(done)
  return (
    <section className="parent" aria-labelledby={`k-${one.kin}`}>
      <h2 id={`k-${one.kin}`}>{say.code('relation', one.relation)} {one.name}</h2>
      <ul className="rules">{one.may.map((may) => <li key={may}>{say.code('may', may)}</li>)}</ul>
      <Fault error={fault} />
      {asking ? (
        <Sure ask={say('shutSure', { name: one.name })} no={say('shutNo')} yes={say('shutYes')} back={() => setAsking(false)} act={() => void end()} />
      ) : (
        <button type="button" className="second" onClick={() => setAsking(true)}>{say('shut')}</button>
      )}
    </section>
  )
}

function Add({ elder, done }: { elder: string; done: () => void }) {
  const { say } = useSay()
  const [relation, setRelation] = useState<NewConsent['relation']>('daughter')
  const [may, setMay] = useState<ReadonlySet<string>>(new Set(['devices', 'orders']))
  const [made, setMade] = useState<ConsentCode | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const give = () => {
    const body = { relation, may: ['calls', ...MORE.filter((one) => may.has(one))] }
    setFault(null)
    void request<ConsentCode>(`/elders/${encodeURIComponent(elder)}/kin-codes`, { method: 'POST', body }).then(setMade, setFault)
  }
  const turn = (one: string) => setMay((now) => new Set(now.has(one) ? [...now].filter((it) => it !== one) : [...now, one]))
  if (made) return <Made code={made.code} done={done} />
  return (
    <div className="ask">
      <label htmlFor="relation">{say('whoIsIt')}</label>
      <select id="relation" value={relation} onChange={(e) => setRelation(e.target.value as NewConsent['relation'])}>
        {RELATIONS.map((one) => <option key={one} value={one}>{say.code('relation', one)}</option>)}
      </select>
      <fieldset className="options">
        <legend>{say('maySee')}</legend>
        <p>✓ {say('may_calls')}</p>
        {MORE.map((one) => (
          <label key={one} className="option">
            <input type="checkbox" checked={may.has(one)} onChange={() => turn(one)} />
            <span>{say.code('may', one)}</span>
          </label>
        ))}
      </fieldset>
      <p>{say('agreeWhyElder')}</p>
      <Fault error={fault} />
      <button type="button" className="primary" onClick={give}>{say('giveCode')}</button>
      <button type="button" className="second" onClick={done}>{say('notNow')}</button>
    </div>
  )
}

function Made({ code, done }: { code: string; done: () => void }) {
  const { say } = useSay()
  return (
    <>
      <p role="status">{say('tellCode')}</p>
      <p className="told digits-shown">{code.slice(0, 4)} {code.slice(4)}</p>
      <p>{say('codeLasts')}</p>
      <button type="button" className="primary" onClick={done}>{say('codeTold')}</button>
    </>
  )
}
