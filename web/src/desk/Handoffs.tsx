import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { HandoffLine, IncidentRow } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Notice } from '../ui/Banners'
import { Tag } from '../ui/Marks'
import { Telephone } from '../ui/Telephone'
import { Clock } from '../ui/Times'
import type { Command } from './commands'
import { useDraft, wordsOf } from './draft'

const SERVICES = ['120', '110', '119'] as const
type Service = (typeof SERVICES)[number]
const RESULTS = ['connected', 'no_answer', 'not_needed'] as const
const FIRE = new Set(['smoke', 'gas'])

interface ServiceProps {
  service: Service
  line: HandoffLine | undefined
  row: IncidentRow
  command: Command
}

function Made({ line }: { line: HandoffLine }) {
  const speak = useSpeak()
  if (!line.made_at) return null
  return (
    <span className="small">
      <Clock at={line.made_at} /> {speak.word('handoff', `result/${line.result}`)} {line.ref}
    </span>
  )
}

/** The number first, then what came of it; the same twice if the first call was in vain. */
function One({ service, line, row, command }: ServiceProps) {
  const speak = useSpeak()
  const [ref, setRef] = useDraft(wordsOf(row.incident, service))
  const name = speak.word('handoff', `service/${service}`)
  const waits = line?.prompted_at && !line.made_at
  const busy = command.busy !== null
  const made = async (result: (typeof RESULTS)[number]) => {
    if (!busy && (await command.send('handoff', { service, result, ref: ref.trim() }, `handoff ${service}`))) setRef('')
  }
  return (
    <li className="callable" data-waits={Boolean(waits)}>
      <div className="person">
        <span>
          <strong>{waits ? speak('handoff/prompt', { service: name }) : name}</strong> {line?.area && <Tag>{`${line.area}-${service}`}</Tag>} {line?.break_in && <Tag tone="warn">{speak('handoff/breakIn')}</Tag>}
        </span>
        <Telephone who={name} phone={service} />
      </div>
      {line && <Made line={line} />}
      <div className="results" role="group" aria-label={speak('panel/callAs', { who: name })}>
        {RESULTS.map((result) => (
          <Button key={result} variant="outlined" color="inherit" aria-disabled={busy} onClick={() => void made(result)}>
            {speak.word('handoff', `result/${result}`)}
          </Button>
        ))}
      </div>
      {waits && <TextField fullWidth sx={{ mt: 1 }} label={speak('handoff/ref')} value={ref} onChange={(event) => setRef(event.target.value)} />}
      {row.drill && <p className="hint">{speak('handoff/drill', { service })}</p>}
    </li>
  )
}

/** 120, 110, 119: what the platform asks for stands open, the others behind a button. */
export function Handoffs({ row, command }: { row: IncidentRow; command: Command }) {
  const speak = useSpeak()
  const [all, setAll] = useState(false)
  const handoffs = row.handoffs as Readonly<Record<string, HandoffLine>>
  const shown = SERVICES.filter((service) => all || service in handoffs)
  return (
    <section aria-labelledby="p-handoff">
      <h2 id="p-handoff" tabIndex={-1}>{speak('handoff/title')}</h2>
      {FIRE.has(row.kind) && <Notice tone="alert" title={speak('handoff/fire')} />}
      <ul>
        {shown.map((service) => (
          <One key={service} service={service} line={handoffs[service]} row={row} command={command} />
        ))}
      </ul>
      {shown.length < SERVICES.length && (
        <Button color="inherit" onClick={() => setAll(true)}>
          {speak('handoff/others')}
        </Button>
      )}
    </section>
  )
}
