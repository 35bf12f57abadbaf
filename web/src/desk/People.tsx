import Button from '@mui/material/Button'
import type { CallAttempt, ElderCard, IncidentRow, IncidentView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Tag } from '../ui/Marks'
import { Telephone } from '../ui/Telephone'
import { Clock } from '../ui/Times'
import type { Command } from './commands'
import { Present } from './Present'

const RESULTS: readonly CallAttempt['result'][] = ['answered', 'no_answer', 'busy', 'off']

interface PersonProps {
  name: string
  about: string
  phone: string | null
  hasKey?: boolean
  command: Command
  open: boolean
}

/** Somebody to telephone, and what became of it in one click. */
function Callable({ name, about, phone, hasKey = false, command, open }: PersonProps) {
  const speak = useSpeak()
  const record = (result: CallAttempt['result']) => command.send('call', { callee: name, result } satisfies CallAttempt, `call ${name}`)
  return (
    <li className="callable">
      <div className="person">
        <span>
          <strong>{name}</strong> <span className="quiet">{about}</span> {hasKey && <Tag>{speak('job/hasKey')}</Tag>}
        </span>
        {phone && <Telephone who={name} phone={phone} />}
      </div>
      {open && phone && (
        <div className="results" role="group" aria-label={speak('panel/callAs', { who: name })}>
          {RESULTS.map((result) => (
            <Button key={result} variant="outlined" color="inherit" disabled={command.busy === `call ${name}`} onClick={() => void record(result)}>
              {speak.word('callResult', result)}
            </Button>
          ))}
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

interface ElderProps {
  view: IncidentView
  row: IncidentRow
  command: Command
  open: boolean
}

export function Elder({ view, row, command, open }: ElderProps) {
  const speak = useSpeak()
  const { elder, contacts } = view
  return (
    <section aria-labelledby="p-elder">
      <h2 id="p-elder">{speak('panel/elder')}</h2>
      {!elder && <p className="danger">{speak('panel/noElder')}</p>}
      {elder && <Present elder={elder} row={row} />}
      {elder?.health && (
        <p className="health">
          <strong>{speak('job/health')}</strong> {elder.health}
        </p>
      )}
      <ul>
        {elder && <Callable name={elder.name} about={aboutElder(elder, speak)} phone={elder.phone} command={command} open={open} />}
        {contacts.map((one) => (
          <Callable key={`${one.ord} ${one.phone}`} name={one.name} about={`${one.ord}. ${one.relation}`} phone={one.phone} hasKey={one.has_key} command={command} open={open} />
        ))}
      </ul>
    </section>
  )
}

export function Home({ view }: { view: IncidentView }) {
  const speak = useSpeak()
  const { home, row } = view
  if (!home) return null
  const lift = home.lift === null ? '' : speak(home.lift ? 'job/lift' : 'job/noLift')
  const lines: [string, string][] = [
    [speak('panel/division'), home.division_names.join(' / ')],
    [speak('job/access'), [home.floor === null ? '' : speak('unit/floor', { n: home.floor }), lift].filter(Boolean).join(' · ')],
    [speak('job/door'), home.door_code ?? ''],
    [speak('job/key'), home.key_place ?? ''],
    [speak('panel/device'), row.device ?? ''],
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

export function Others({ view }: { view: IncidentView }) {
  const speak = useSpeak()
  if (view.others_in_home.length === 0) return null
  return (
    <section aria-labelledby="p-others">
      <h2 id="p-others">{speak('panel/others')}</h2>
      <ul>
        {view.others_in_home.map((one) => (
          <li key={one.id}>
            <strong>{one.name}</strong> <span className="quiet">{aboutElder(one, speak)}</span>
            {one.health && <p className="small">{one.health}</p>}
          </li>
        ))}
      </ul>
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
              {call.callee} · <strong>{speak.word('callResult', call.result)}</strong> <span className="quiet">{call.by}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
