import Button from '@mui/material/Button'
import { useState } from 'react'
import type { AssignmentLine, IncidentRow, IncidentView, MessageView, OfferLine } from '../generated/http'
import { API } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { Face } from '../ui/Face'
import { Tag, type TagTone } from '../ui/Marks'
import { Clock, Distance, Minutes } from '../ui/Times'
import type { Command } from './commands'
import { useRecord } from './history'
import { becameOf, useMessages } from './Messages'
import { AnswerFor, OnBehalf } from './OnBehalf'
import { Reassign } from './Send'
import { Parts, Reasons } from './Why'

const ENDED = new Set(['completed', 'released', 'stood_down', 'withdrawn'])

function Steps({ one }: { one: AssignmentLine }) {
  const speak = useSpeak()
  const steps: [string, string | null][] = [
    [speak('panel/departed'), one.departed_at],
    [speak('panel/arrivedAt'), one.arrived_at],
    [speak('panel/with'), one.with_elder_at],
    [speak('panel/ended'), one.ended_at],
  ]
  return (
    <span className="small steps">
      {steps.map(
        ([name, at]) =>
          at && (
            <span key={name}>
              {name} <Clock at={at} />
            </span>
          ),
      )}
    </span>
  )
}

/** The face that she and her family are shown, if there is one. */
function Badge({ one, row }: { one: AssignmentLine; row: IncidentRow }) {
  const { data } = useRecord(row)
  const portrait = data?.faces[one.responder]
  return portrait ? <Face name={one.name} src={`${API}/portraits/${portrait}`} /> : null
}

interface GoingProps {
  view: IncidentView
  row: IncidentRow
  command: Command
  open: boolean
}

export function Going({ view, row, command, open }: GoingProps) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="p-going">
      <h2 id="p-going">{speak('panel/assignments')}</h2>
      {view.assignments.length === 0 && <p className="quiet">{speak('panel/noAssignments')}</p>}
      <ul className="going">
        {view.assignments.map((one) => (
          <li key={one.id} data-ended={ENDED.has(one.state)}>
            <span>
              <Badge one={one} row={row} />
              <strong>{one.name}</strong>{' '}
              <span className="quiet">
                {speak.word('who', one.kind)} · {speak.word('role', one.role)}
              </span>
            </span>
            <span>
              <strong>{speak.word('goingState', one.state)}</strong> {!one.arrived_at && !one.ended_at && <Minutes seconds={one.eta_s} />}
            </span>
            <Steps one={one} />
            {open && !one.ended_at && (
              <span className="choose">
                <OnBehalf mine={one} command={command} />
                {!one.with_elder_at && <Reassign row={row} one={one} command={command} />}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const TONES: Record<string, TagTone> = { accepted: 'good', declined: 'warn', expired: 'warn' }

function reasonOf(offer: OfferLine, speak: ReturnType<typeof useSpeak>): string {
  if (!offer.reason) return ''
  return speak.has(`decline/${offer.reason}`) ? speak.word('decline', offer.reason) : speak.word('why', offer.reason, { who: '' })
}

/** Seconds since it was sent, as a reader compares them. */
const after = (sent: string, at: string): string => `+${Math.max(0, (Date.parse(at) - Date.parse(sent)) / 1000).toFixed(1)} s`

/** The other ways by which the same person was reached, and what became of them. */
function Ways({ offer, messages }: { offer: OfferLine; messages: readonly MessageView[] }) {
  const speak = useSpeak()
  const own = messages.filter((one) => one.offer === offer.id)
  return (
    <>
      {speak('message/channel/console')}
      {own.map((one) => (
        <span key={one.id} className="small block">
          {speak.word('message', `channel/${one.channel}`)} {becameOf(one, speak)} {after(offer.sent_at, one.delivered_at ?? one.sent_at ?? one.wanted_at)}
        </span>
      ))}
    </>
  )
}

interface OfferProps {
  offer: OfferLine
  messages: readonly MessageView[]
  why: boolean
}

function OfferRow({ offer, messages, why }: OfferProps) {
  const speak = useSpeak()
  return (
    <tr>
      <th scope="row">
        {offer.name}
        <span className="small quiet">
          {speak.word('who', offer.kind)} · <Distance metres={offer.dist_m} /> · <Minutes seconds={offer.eta_s} />
        </span>
        {why && <span className="small">{speak('explain/asked', { wave: offer.wave })}</span>}
        {why && <Parts score={offer.score} />}
      </th>
      <td>
        <Tag tone={TONES[offer.state] ?? 'plain'}>{speak.word('offerState', offer.state)}</Tag>
        {offer.state === 'declined' && <div className="small">{reasonOf(offer, speak)}</div>}
      </td>
      <td>
        <Clock at={offer.sent_at} />
      </td>
      <td>
        <Ways offer={offer} messages={messages} />
      </td>
      <td>{offer.shown_at ? after(offer.sent_at, offer.shown_at) : <span className="quiet">{speak('panel/notShown')}</span>}</td>
      <td>{offer.rang_at ? after(offer.sent_at, offer.rang_at) : <span className="quiet">{speak('panel/notRang')}</span>}</td>
      <td>{offer.answered_at ? after(offer.sent_at, offer.answered_at) : '—'}</td>
    </tr>
  )
}

const COLUMNS = ['name', 'state', 'sentAt', 'way', 'shownAt', 'rangAt', 'answeredAt'] as const

interface AskedProps {
  view: IncidentView
  command: Command
  open: boolean
}

/** Everybody who was asked, with the reasons on demand. */
export function Asked({ view, command, open }: AskedProps) {
  const speak = useSpeak()
  const [why, setWhy] = useState(false)
  const { data: messages } = useMessages(view.row)
  return (
    <section aria-labelledby="p-asked">
      <h2 id="p-asked">{speak('panel/offers')}</h2>
      {view.offers.length === 0 && <p className="quiet">{speak('panel/noOffers')}</p>}
      {open && <AnswerFor offers={view.offers} command={command} />}
      {view.row.job && (
        <Button color="inherit" aria-expanded={why} onClick={() => setWhy(!why)}>
          {speak(why ? 'explain/hide' : 'explain/title')}
        </Button>
      )}
      {why && <p className="quiet small">{speak('explain/lower')}</p>}
      {view.offers.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-labelledby="p-asked">
          <table>
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <th key={column} scope="col">
                    {column === 'way' ? speak('several/way') : speak(`panel/${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {view.offers.map((offer) => (
                <OfferRow key={offer.id} offer={offer} messages={messages?.items ?? []} why={why} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {why && view.row.job && <Reasons view={view} />}
    </section>
  )
}
