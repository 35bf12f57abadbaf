import Button from '@mui/material/Button'
import { type ReactNode, useState } from 'react'
import type { Account, ContactRecord, ElderRecord } from '../../generated/http'
import { type Speak, useSpeak } from '../../kernel/i18n'
import { Glyph, Tag } from '../../ui/Marks'
import { useSend } from '../api'
import { elderPath, useRecord } from './api'
import { CardForm } from './CardForm'
import { CardPane } from './CardPane'
import { AgreeForm, AssessForm, ContactForm, Sure } from './Forms'
import { Part } from './Part'
import { Portrait } from './Portrait'
import { Subject } from './Subject'
import { Whereabouts } from './Whereabouts'

type Value = string | number | boolean | null | undefined

const PLAIN = ['born', 'phone', 'dialect', 'health', 'medicine', 'allergies', 'dementia'] as const
const AT_HOME = ['address', 'floor', 'lift', 'door_code', 'key_place'] as const

function inWords(value: Value, speak: Speak): string {
  if (typeof value === 'boolean') return speak(value ? 'registry/yes' : 'registry/no')
  return value === null || value === undefined || value === '' ? '—' : String(value)
}

function Pairs({ pairs }: { pairs: readonly (readonly [string, ReactNode])[] }) {
  const speak = useSpeak()
  return (
    <dl className="pairs">
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{speak.word('elderField', name)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Contact({ elder, one }: { elder: string; one: ContactRecord }) {
  const speak = useSpeak()
  const order = useSend()
  const [form, setForm] = useState<'edit' | 'remove' | null>(null)
  const path = elderPath(elder, `/contacts/${one.ord}`)
  const done = async (sent: Promise<unknown>) => (await sent) !== null
  return (
    <li className="contact">
      <span className="line">
        <strong>{one.name}</strong>
        <span>{one.relation}</span>
        <a href={`tel:${one.phone}`}>{one.phone}</a>
        {one.has_key && <Tag>{speak('registry/key')}</Tag>}
        {one.due && <Tag tone="warn">{speak(one.confirmed_at ? 'registry/due' : 'registry/never')}</Tag>}
      </span>
      <span className="line">
        <span className="quiet">{speak('registry/hours', { from: one.from_h, until: one.until_h })}</span>
        <span className="end">
          <Button disabled={order.busy !== null} onClick={() => void order.send({ path: `${path}/confirm` })}>
            {speak('registry/confirm')}
          </Button>
          <Button color="inherit" onClick={() => setForm('edit')}>
            {speak('registry/editContact')}
          </Button>
          <Button color="inherit" onClick={() => setForm('remove')}>
            {speak('registry/removeContact')}
          </Button>
        </span>
      </span>
      {order.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(order.problem)}
        </p>
      )}
      {form === 'edit' && <ContactForm elder={elder} n={one.ord} known={one} close={() => setForm(null)} />}
      {form === 'remove' && <Sure title={speak('registry/removeTitle', { name: one.name })} action={speak('registry/removeContact')} command={order} send={() => done(order.send({ path, method: 'DELETE' }))} close={() => setForm(null)} />}
    </li>
  )
}

function Contacts({ it }: { it: ElderRecord }) {
  const speak = useSpeak()
  const [adding, setAdding] = useState(false)
  const next = Math.max(0, ...it.contacts.map(({ ord }) => ord)) + 1
  const add = (
    <Button variant="outlined" color="inherit" onClick={() => setAdding(true)}>
      {speak('registry/addContact')}
    </Button>
  )
  return (
    <Part id="contacts" title={speak('registry/contacts')} action={add}>
      <ul className="plain">
        {it.contacts.map((one) => (
          <Contact key={one.ord} elder={it.id} one={one} />
        ))}
      </ul>
      {adding && <ContactForm elder={it.id} n={next} close={() => setAdding(false)} />}
    </Part>
  )
}

function Assessments({ it }: { it: ElderRecord }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  const action = (
    <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
      {speak('registry/assess')}
    </Button>
  )
  return (
    <Part id="assessments" title={speak('registry/assessments')} action={action}>
      <ul className="plain">
        {it.assessments.map((one) => (
          <li key={one.assessed_on} className="line">
            <strong>{speak('registry/level', { n: one.level })}</strong>
            <span>{one.assessed_on}</span>
            <span className="quiet">{speak('registry/until', { day: one.until })}</span>
            {one.expired && <Tag tone="warn">{speak('registry/expired')}</Tag>}
            {one.assessor && <span className="quiet">{one.assessor}</span>}
          </li>
        ))}
      </ul>
      {asking && <AssessForm elder={it.id} close={() => setAsking(false)} />}
    </Part>
  )
}

function Consents({ it }: { it: ElderRecord }) {
  const speak = useSpeak()
  const order = useSend()
  const [asking, setAsking] = useState(false)
  const [back, setBack] = useState<string | null>(null)
  const action = (
    <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
      {speak('registry/agree')}
    </Button>
  )
  const send = async () => (await order.send({ path: elderPath(it.id, `/consents/${back}`), method: 'DELETE' })) !== null
  return (
    <Part id="consents" title={speak('registry/consents')} action={action}>
      <ul className="plain">
        {it.consents.map((one) => (
          <li key={one.id} className="line">
            <strong>{speak.word('agreed', one.purpose)}</strong>
            <Tag tone={one.ended_at ? 'plain' : 'good'}>{speak(one.ended_at ? 'registry/ended' : 'registry/standing')}</Tag>
            <span className="quiet">
              {speak.word('consentHow', one.how)} · {one.wording}
            </span>
            {one.guardian && <span className="quiet">{speak('registry/byGuardian', { name: one.guardian })}</span>}
            {one.ended_at === null && (
              <span className="end">
                <Button color="inherit" onClick={() => setBack(one.purpose)}>
                  {speak('registry/takeBack')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {asking && <AgreeForm elder={it.id} close={() => setAsking(false)} />}
      {back !== null && <Sure title={speak('registry/takeBackTitle', { purpose: speak.word('agreed', back) })} action={speak('registry/takeBack')} command={order} send={send} close={() => setBack(null)} />}
    </Part>
  )
}

function Sheet({ it, account }: { it: ElderRecord; account: Account }) {
  const speak = useSpeak()
  const [editing, setEditing] = useState(false)
  const edit = (
    <Button variant="outlined" color="inherit" onClick={() => setEditing(true)}>
      {speak('registry/editCard')}
    </Button>
  )
  const wishes = [
    ['gender_wish', speak.word('sexOf', it.gender_wish) || '—'],
    ['break_in', inWords(it.break_in, speak)],
    ['last_wishes', inWords(it.last_wishes, speak)],
    ['id_number', inWords(it.id_number, speak)],
  ] as const
  return (
    <>
      <Whereabouts elder={it.id} />
      <Part id="portrait" title={speak('portrait/title')}>
        <Portrait path={elderPath(it.id)} name={it.name} it={it.portrait} />
      </Part>
      <Part id="card" title={speak('registry/card')} action={edit}>
        <Pairs pairs={[['division', it.division_names.join(' ')], ['risk', speak.word('riskGrade', it.risk) || '—'], ...PLAIN.map((name) => [name, inWords(it[name], speak)] as const)]} />
      </Part>
      <Part id="home" title={speak('registry/home')} action={it.placed === 'division' && <Tag tone="warn">{speak('registry/guessed')}</Tag>}>
        <Pairs pairs={AT_HOME.map((name) => [name, inWords(it[name], speak)] as const)} />
        {it.others_in_home.length > 0 && (
          <p className="quiet">
            {speak('registry/others')} {it.others_in_home.join(' ')}
          </p>
        )}
      </Part>
      <Contacts it={it} />
      <Assessments it={it} />
      <Part id="wishes" title={speak('registry/wishes')}>
        <Pairs pairs={wishes} />
      </Part>
      <Consents it={it} />
      <Part id="code" title={speak('registry/codeCard')}>
        <CardPane elder={it.id} code={it.code} />
      </Part>
      {account.role !== 'desk' && <Subject elder={it.id} />}
      {editing && <CardForm known={it} division={it.division} close={() => setEditing(false)} />}
    </>
  )
}

/** Everything that is kept of one elder. */
export function Record({ elder, account, back }: { elder: string; account: Account; back: () => void }) {
  const speak = useSpeak()
  const { data, error } = useRecord(elder)
  return (
    <article className="sheet record" aria-labelledby="record">
      <header className="line">
        <Button color="inherit" startIcon={<Glyph name="back" />} onClick={back}>
          {speak('common/back')}
        </Button>
        <h1 id="record">{data ? data.name : elder}</h1>
        {data && (
          <>
            <span>{speak.word('sexOf', data.sex)}</span>
            {data.lives_alone && <Tag>{speak('registry/alone')}</Tag>}
            {data.assessment !== null && <Tag>{speak('registry/level', { n: data.assessment })}</Tag>}
            <span className="end quiet">{data.id}</span>
          </>
        )}
      </header>
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {data && <Sheet it={data} account={account} />}
    </article>
  )
}
