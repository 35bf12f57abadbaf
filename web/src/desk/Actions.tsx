import Button from '@mui/material/Button'
import { useState } from 'react'
import type { IncidentRow, IncidentView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import type { Command } from './commands'
import { Classify, Close, Escalate, NoteForm, Relocate, StandDown } from './Forms'
import { Merge, Reopen, Split } from './MergeForms'
import { Send } from './Send'

const FIRST = { note: NoteForm, classify: Classify, escalate: Escalate, standDown: StandDown, close: Close }
const LATER = { relocate: Relocate, merge: Merge, split: Split }
const FORMS = { ...FIRST, ...LATER, reopen: Reopen }
type Form = keyof typeof FORMS

interface ActionsProps {
  row: IncidentRow
  view: IncidentView | null
  command: Command
  waiting: boolean
}

const first = Object.keys(FIRST) as Form[]
const later = Object.keys(LATER) as Form[]

const wordOf = (name: Form) => (name === 'merge' || name === 'split' || name === 'reopen' ? (`actions/${name}` as const) : (`action/${name}` as const))

function List({ row }: { row: IncidentRow }) {
  const speak = useSpeak()
  if (row.kind === 'outage' && row.outage) {
    return (
      <Button variant="contained" href={`/devices#outages/${row.outage}`} target="yinling-devices">
        {speak('desk/rollCall')}
      </Button>
    )
  }
  if (row.kind !== 'mass') return null
  return (
    <Button variant="contained" href={`/board#mass/${encodeURIComponent(row.incident)}`} target="yinling-board">
      {speak('mass/title')}
    </Button>
  )
}

/** Each action asks once, in words; taking an incident needs no asking. What is rare is behind one more button. */
export function Actions({ row, view, command, waiting }: ActionsProps) {
  const speak = useSpeak()
  const [form, setForm] = useState<Form | 'send' | null>(null)
  const [all, setAll] = useState(false)
  const Asked = form && form !== 'send' ? FORMS[form] : null
  const close = () => setForm(null)
  return (
    <div className="actions" role="toolbar" aria-label={speak('panel/actions')}>
      {waiting && (
        <Button variant="contained" className="primary" disabled={command.busy !== null} onClick={() => void command.send('claim')}>
          {speak('desk/claim')}
        </Button>
      )}
      <Button variant="outlined" color="inherit" onClick={() => setForm('send')}>
        {speak('actions/people')}
      </Button>
      {[...first, ...(all ? later : [])].map((name) => (
        <Button key={name} variant="outlined" color={name === 'standDown' ? 'error' : 'inherit'} onClick={() => setForm(name)}>
          {speak(wordOf(name))}
        </Button>
      ))}
      <Button color="inherit" aria-expanded={all} onClick={() => setAll(!all)}>
        {speak(all ? 'actions/less' : 'actions/more')}
      </Button>
      <List row={row} />
      {Asked && <Asked row={row} view={view} command={command} close={close} />}
      {form === 'send' && <Send row={row} command={command} close={close} />}
    </div>
  )
}

/** What has ended can go on. */
export function EndedActions({ row, view, command }: Omit<ActionsProps, 'waiting'>) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <div className="actions" role="toolbar" aria-label={speak('panel/actions')}>
      <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
        {speak('actions/reopen')}
      </Button>
      {asking && <Reopen row={row} view={view} command={command} close={() => setAsking(false)} />}
    </div>
  )
}
