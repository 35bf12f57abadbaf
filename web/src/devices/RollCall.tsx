import Button from '@mui/material/Button'
import { useState } from 'react'
import type { CallAttempt, OutageLine, RollCallLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { type Order, useOrder, useOutages, useRollCall } from '../things/api'
import { Span } from '../things/Marks'
import { Glyph, Tag } from '../ui/Marks'
import { Telephone } from '../ui/Telephone'
import { Clock } from '../ui/Times'

const RESULTS: readonly CallAttempt['result'][] = ['answered', 'no_answer', 'busy', 'off']

function About({ one }: { one: RollCallLine }) {
  const speak = useSpeak()
  const parts = [
    one.age === null ? '' : speak('unit/age', { n: one.age }),
    one.lives_alone ? speak('job/alone') : '',
    one.assessment === null ? '' : speak('job/assessment', { n: one.assessment }),
    one.dialect ?? '',
  ]
  return (
    <>
      {parts.filter(Boolean).join(' · ')}
      {one.health && <span className="small block">{one.health}</span>}
    </>
  )
}

/** What became of the last try, and the next one in one click; it is written into the outage's incident. */
function Called({ one, incident, order }: { one: RollCallLine; incident: string | null; order: Order }) {
  const speak = useSpeak()
  const path = `/incidents/${encodeURIComponent(incident ?? '')}/call`
  const record = (result: CallAttempt['result']) => order.send({ path, body: { callee: one.elder, result } satisfies CallAttempt })
  return (
    <>
      {one.called && (
        <p>
          <strong>{speak.word('callResult', one.called.result)}</strong> <Clock at={one.called.at} /> <span className="small quiet block">{one.called.by}</span>
        </p>
      )}
      {incident && (
        <div className="results" role="group" aria-label={speak('outages/record', { who: one.name })}>
          {RESULTS.map((result) => (
            <Button key={result} variant="outlined" color="inherit" disabled={order.busy !== null} onClick={() => void record(result)}>
              {speak.word('callResult', result)}
            </Button>
          ))}
        </div>
      )}
      <p className="on-paper">{speak('outages/blank')}</p>
    </>
  )
}

function Line({ n, one, incident, order }: { n: number; one: RollCallLine; incident: string | null; order: Order }) {
  const speak = useSpeak()
  const back = one.devices.length > 0 && one.devices.every(({ back_at }) => back_at !== null)
  return (
    <tr>
      <td>{n}</td>
      <th scope="row">
        {one.name}
        <span className="block where">{one.place}</span>
        <span className="small block quiet">
          <About one={one} />
        </span>
        {back && <Tag tone="good">{speak('outages/devicesBack')}</Tag>}
      </th>
      <td>{one.phone && <Telephone who={one.name} phone={one.phone} />}</td>
      <td>
        {one.contacts.map((contact) => (
          <span key={`${contact.ord} ${contact.phone}`} className="block">
            {contact.name} <span className="quiet">{contact.relation}</span> <a href={`tel:${contact.phone}`}>{contact.phone}</a> {contact.has_key && <Tag>{speak('job/hasKey')}</Tag>}
          </span>
        ))}
      </td>
      <td className="mark">
        <Called one={one} incident={incident} order={order} />
      </td>
    </tr>
  )
}

const COLUMNS = ['n', 'name', 'phone', 'contacts', 'mark'] as const

/** Paper has no next page to ask for, so the whole list is read first. */
function Print({ outage }: { outage: OutageLine }) {
  const speak = useSpeak()
  const { hasNextPage, fetchNextPage } = useRollCall(outage.outage)
  const [reading, setReading] = useState(false)
  const all = async () => {
    setReading(true)
    let more = hasNextPage
    while (more) more = (await fetchNextPage()).hasNextPage
    setReading(false)
    requestAnimationFrame(() => print())
  }
  return (
    <Button className="no-paper" variant="outlined" color="inherit" disabled={reading} onClick={() => void all()}>
      {speak(reading ? 'outages/printing' : 'outages/print')}
    </Button>
  )
}

function Table({ outage }: { outage: OutageLine }) {
  const speak = useSpeak()
  const { items, error, isPending, hasNextPage, fetchNextPage } = useRollCall(outage.outage)
  const order = useOrder()
  return (
    <>
      <p className="quiet">{speak('outages/people', { n: `${items.length}${hasNextPage ? '+' : ''}` })}</p>
      {outage.incident === null && <p className="quiet">{speak('outages/recordNone')}</p>}
      {isPending && <p className="quiet">{speak('common/loading')}</p>}
      {(error ?? order.problem) !== null && (
        <p className="danger" role="alert">
          {speak.problem(error ?? order.problem)}
        </p>
      )}
      {!isPending && error === null && items.length === 0 && <p>{speak('outages/nobody')}</p>}
      {items.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-label={speak('outages/rollCall')}>
          <table>
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <th key={column} scope="col">
                    {speak(`outages/columns/${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((one, k) => (
                <Line key={one.elder} n={k + 1} one={one} incident={outage.incident} order={order} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && (
        <Button className="no-paper" color="inherit" onClick={() => void fetchNextPage()}>
          {speak('common/more')}
        </Button>
      )}
    </>
  )
}

/** Who is to be telephoned while the devices are silent, those at most risk first; `outage` may name its incident. */
export function RollCall({ outage: wanted, back }: { outage: string; back: () => void }) {
  const speak = useSpeak()
  const { items, isPending, error } = useOutages()
  const outage = items.find(({ outage: id, incident }) => id === wanted || incident === wanted)
  return (
    <article className="sheet roll-call" aria-label={speak('outages/rollCall')}>
      <Button className="back" color="inherit" startIcon={<Glyph name="back" />} onClick={back}>
        {speak('things/toList')}
      </Button>
      {!outage && <p className="quiet body">{error ? speak.problem(error) : speak(isPending ? 'common/loading' : 'outages/notYet')}</p>}
      {outage && (
        <>
          <header className="head">
            <div className="title">
              <h1>{speak('outages/rollCall')}</h1>
              <Print outage={outage} />
            </div>
            <p className="place">{speak('outages/line', { area: outage.area ?? outage.division, n: outage.devices })}</p>
            <p className="facts">
              <Span from={outage.opened_at} until={outage.ended_at} />
              <span>{outage.incident}</span>
            </p>
          </header>
          <div className="body">
            <p>{speak('outages/rollCallBody')}</p>
            <Table outage={outage} />
          </div>
        </>
      )}
    </article>
  )
}
