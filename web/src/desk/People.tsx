import Button from '@mui/material/Button'
import type { CallAttempt, ContactCard, ElderCard, IncidentRow, IncidentView } from '../generated/http'
import { API } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { Face } from '../ui/Face'
import { Tag } from '../ui/Marks'
import { Telephone } from '../ui/Telephone'
import { Clock } from '../ui/Times'
import { day } from './ago'
import type { Command } from './commands'
import { calleeName, contactOf, HERSELF, useRecord } from './history'
import { Present } from './Present'

const RESULTS: readonly CallAttempt['result'][] = ['answered', 'no_answer', 'busy', 'off']

/** How often somebody could be reached before. */
function Before({ row, callee }: { row: IncidentRow; callee: string }) {
  const speak = useSpeak()
  const { data } = useRecord(row)
  if (!data) return null
  const known = data.reached.find((one) => one.callee === callee)
  if (!known) return <span className="small quiet block">{speak('record/neverCalled')}</span>
  const { tries, answered, answered_at: at } = known
  return (
    <span className="small quiet block">
      {answered === 0 ? speak('record/neverReached', { tries }) : speak('record/reached', { tries, answered })}
      {at && ` · ${speak('record/reachedLast', { time: day(at, speak) })}`}
    </span>
  )
}

interface PersonProps {
  /** As the server knows who was telephoned. */
  callee: string
  name: string
  about: string
  phone: string | null
  /** The digit that telephones her. */
  digit?: number
  hasKey?: boolean
  row: IncidentRow
  command: Command
  open: boolean
}

/** Somebody to telephone, and what became of it in one click. */
function Callable({ callee, name, about, phone, digit, hasKey = false, row, command, open }: PersonProps) {
  const speak = useSpeak()
  const busy = command.busy === `call ${callee}`
  const record = async (result: CallAttempt['result'], cleared = false) => {
    if (!busy) await command.send('call', { callee, result, cleared } satisfies CallAttempt, `call ${callee}`)
  }
  return (
    <li className="callable" data-call={digit}>
      <div className="person">
        <span>
          <strong>{name}</strong> <span className="quiet">{about}</span> {hasKey && <Tag>{speak('job/hasKey')}</Tag>}
          <Before row={row} callee={callee} />
        </span>
        {phone && <Telephone who={name} phone={phone} />}
      </div>
      {open && phone && (
        <div className="results" role="group" aria-label={speak('panel/callAs', { who: name })}>
          {RESULTS.map((result) => (
            <Button key={result} variant="outlined" color="inherit" aria-disabled={busy} onClick={() => void record(result)}>
              {speak.word('callResult', result)}
            </Button>
          ))}
          {callee === HERSELF && (
            <Button variant="outlined" color="inherit" className="wide" aria-disabled={busy} onClick={() => void record('answered', true)}>
              {speak('quick/cleared')}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}

function aboutElder(elder: ElderCard, speak: ReturnType<typeof useSpeak>): string {
  const parts = [
    speak.word('sex', elder.sex),
    elder.age === null ? '' : speak('unit/age', { n: elder.age }),
    elder.lives_alone ? speak('job/alone') : '',
    elder.assessment === null ? '' : speak('job/assessment', { n: elder.assessment }),
    elder.dialect ?? '',
  ]
  return parts.filter(Boolean).join(' · ')
}

/** Illness, medicine and allergies: what whoever comes must know. */
function Health({ elder }: { elder: ElderCard }) {
  const speak = useSpeak()
  const lines: [string, string | null | undefined][] = [
    [speak('job/health'), elder.health],
    [speak('record/medicine'), elder.medicine],
    [speak('record/allergies'), elder.allergies],
  ]
  const told = lines.filter(([, value]) => value)
  if (told.length === 0) return null
  return (
    <dl className="health pairs">
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Who it is, to those who have her picture before them. */
function Portrait({ elder, row }: { elder: ElderCard; row: IncidentRow }) {
  const { data } = useRecord(row)
  return data?.portrait ? <Face name={elder.name} src={`${API}/portraits/${data.portrait}`} /> : null
}

interface ElderProps {
  view: IncidentView
  row: IncidentRow
  command: Command
  open: boolean
}

export function Elder({ view, row, command, open }: ElderProps) {
  const speak = useSpeak()
  const { elder, contacts } = view
  const shared = { row, command, open }
  const about = ({ ord, relation }: ContactCard) => `${ord}. ${relation}`
  return (
    <section aria-labelledby="p-elder">
      <h2 id="p-elder">{speak('panel/elder')}</h2>
      {!elder && <p className="danger">{speak('panel/noElder')}</p>}
      {elder && (
        <div className="facing">
          <Portrait elder={elder} row={row} />
          <div>
            <Present elder={elder} row={row} />
            <Health elder={elder} />
          </div>
        </div>
      )}
      <ul>
        {elder && <Callable {...shared} callee={HERSELF} name={elder.name} about={aboutElder(elder, speak)} phone={elder.phone} digit={0} />}
        {contacts.map((one, k) => (
          <Callable key={one.ord} {...shared} callee={contactOf(elder?.id, one.ord)} name={one.name} about={about(one)} phone={one.phone} digit={k + 1} hasKey={one.has_key} />
        ))}
      </ul>
    </section>
  )
}

export function Home({ view }: { view: IncidentView }) {
  const speak = useSpeak()
  const { home } = view
  if (!home) return null
  const lift = home.lift === null ? '' : speak(home.lift ? 'job/lift' : 'job/noLift')
  const lines: [string, string][] = [
    [speak('job/door'), home.door_code ?? ''],
    [speak('job/key'), home.key_place ?? ''],
    [speak('job/access'), [home.floor === null ? '' : speak('unit/floor', { n: home.floor }), lift].filter(Boolean).join(' · ')],
    [speak('panel/division'), home.division_names.join(' / ')],
  ]
  return (
    <section aria-labelledby="p-home">
      <h2 id="p-home">{speak('panel/home')}</h2>
      <p className="address">{home.address}</p>
      <dl className="pairs">
        {lines.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  )
}

/** Whoever lives there too may answer the telephone, or need help as well. */
export function Others({ view, row, command, open }: ElderProps) {
  const speak = useSpeak()
  if (view.others_in_home.length === 0) return null
  return (
    <section aria-labelledby="p-others">
      <h2 id="p-others">{speak('panel/others')}</h2>
      {view.others_in_home.map((one) => (
        <div key={one.id}>
          <ul>
            <Callable row={row} command={command} open={open} callee={one.id} name={one.name} about={aboutElder(one, speak)} phone={one.phone} />
          </ul>
          <Health elder={one} />
        </div>
      ))}
    </section>
  )
}

export function Calls({ view }: { view: IncidentView }) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="p-calls">
      <h2 id="p-calls">{speak('panel/calls')}</h2>
      {view.calls.length === 0 && <p className="quiet">{speak('panel/noCalls')}</p>}
      <ul className="lines">
        {view.calls.map((call, k) => (
          <li key={`${call.at} ${k}`}>
            <Clock at={call.at} />
            <span>
              {calleeName(view, call.callee, speak)} · <strong>{speak.word('callResult', call.result)}</strong> <span className="quiet">{call.by}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
