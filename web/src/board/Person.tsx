import Button from '@mui/material/Button'
import { useState } from 'react'
import type { EventView, Mark, PersonLine } from '../generated/http'
import { type Speak, useSpeak } from '../kernel/i18n'
import { Tag, type TagTone } from '../ui/Marks'
import { Telephone } from '../ui/Telephone'
import { Clock } from '../ui/Times'
import { eventPath, useEntries, useSend } from './api'
import { MarkForm } from './MarkForm'
import type { PersonState } from './person'

const TONES: Partial<Record<PersonState, TagTone>> = { safe: 'good', home: 'good', needs_transfer: 'alert', missing: 'alert', refused: 'warn', not_reached: 'plain' }

function about(one: PersonLine, speak: Speak): string {
  const parts = [
    one.age === null ? '' : speak('unit/age', { n: one.age }),
    one.lives_alone ? speak('job/alone') : '',
    one.assessment === null ? '' : speak('job/assessment', { n: one.assessment }),
    one.dialect ?? '',
  ]
  return parts.filter(Boolean).join(' · ')
}

function State({ one }: { one: PersonLine }) {
  const speak = useSpeak()
  return (
    <>
      <Tag tone={TONES[one.state] ?? 'warn'}>{speak.word('massState', one.state)}</Tag>
      <span className="small block quiet">
        {one.tries > 0 ? speak('mass/tries', { n: one.tries }) : speak('mass/noTries')}
        {one.tried_at && (
          <>
            {' '}
            <Clock at={one.tried_at} />
          </>
        )}
      </span>
      {one.place && <span className="small block">{[one.place, one.with_whom].filter(Boolean).join(' · ')}</span>}
      {one.transfer && (
        <a className="block" href={`/desk#${encodeURIComponent(one.transfer)}`} target="yinling-desk">
          {speak('mass/transfer')} {one.transfer}
        </a>
      )}
      {one.elsewhere && (
        <span className="small block">
          {one.elsewhere.title}: {speak.word('massState', one.elsewhere.state)}
        </span>
      )}
      {one.named_why && <span className="small block">{one.named_why}</span>}
    </>
  )
}

/** What is asked first, in one click; everything else in the form. */
function Marks({ one, view, of }: { one: PersonLine; view: EventView; of: PersonLine[] }) {
  const speak = useSpeak()
  const order = useSend()
  const [asking, setAsking] = useState(false)
  const mark = (body: Omit<Mark, 'elders'>) => order.send({ path: eventPath(view.event, '/mark'), body: { elders: [one.elder], ...body } satisfies Mark })
  return (
    <>
      <div className="results" role="group" aria-label={speak('mass/markWho', { who: one.name })}>
        <Button variant="outlined" color="inherit" disabled={order.busy !== null} onClick={() => void mark({ state: 'safe', call: 'answered' })}>
          {speak('massState/safe')}
        </Button>
        <Button variant="outlined" color="inherit" disabled={order.busy !== null} onClick={() => void mark({ call: 'no_answer' })}>
          {speak('callResult/no_answer')}
        </Button>
        <Button variant="outlined" color="inherit" disabled={order.busy !== null} onClick={() => void mark({ state: 'needs_transfer', call: 'answered' })}>
          {speak('massState/needs_transfer')}
        </Button>
        <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
          {speak('mass/mark')}
        </Button>
      </div>
      {order.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(order.problem)}
        </p>
      )}
      {asking && <MarkForm one={one} view={view} of={of} close={() => setAsking(false)} />}
    </>
  )
}

function Entries({ event, elder }: { event: string; elder: string }) {
  const speak = useSpeak()
  const { data, error } = useEntries(event, elder)
  if (error !== null) return <p className="danger">{speak.problem(error)}</p>
  if (!data) return <p className="quiet">{speak('common/loading')}</p>
  if (data.items.length === 0) return <p className="quiet">{speak('mass/noHistory')}</p>
  return (
    <ul className="lines small">
      {data.items.map((entry) => (
        <li key={entry.id}>
          <Clock at={entry.at} />
          <span>
            {speak.word('massState', entry.state)} · {speak.word('mass', `hows/${entry.how}`)} {speak.word('callResult', entry.call)} {[entry.place, entry.with_whom, entry.note].filter(Boolean).join(' · ')}{' '}
            <span className="quiet">{entry.by}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

interface PersonProps {
  n: number
  one: PersonLine
  view: EventView
  of: PersonLine[]
}

export function Person({ n, one, view, of }: PersonProps) {
  const speak = useSpeak()
  const [opened, setOpened] = useState(false)
  return (
    <tr data-state={one.state}>
      <td>{n}</td>
      <th scope="row">
        <button type="button" className="link" aria-expanded={opened} onClick={() => setOpened(!opened)}>
          {one.name}
        </button>
        <span className="block where">{one.address ?? one.village_name}</span>
        <span className="small block quiet">{about(one, speak)}</span>
        {one.health && <span className="small block quiet">{one.health}</span>}
        {opened && <Entries event={view.event} elder={one.elder} />}
      </th>
      <td>{one.phone && <Telephone who={one.name} phone={one.phone} />}</td>
      <td>
        {one.contacts.map((contact) => (
          <span key={`${contact.ord} ${contact.phone}`} className="block">
            {contact.name} <span className="quiet">{contact.relation}</span> <a href={`tel:${contact.phone}`}>{contact.phone}</a> {contact.has_key && <Tag>{speak('job/hasKey')}</Tag>}
          </span>
        ))}
      </td>
      <td>
        <State one={one} />
      </td>
      <td className="mark">{view.state === 'open' && <Marks one={one} view={view} of={of} />}</td>
    </tr>
  )
}
