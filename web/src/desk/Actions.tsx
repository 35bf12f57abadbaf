import Button from '@mui/material/Button'
import { useState } from 'react'
import type { IncidentRow, IncidentView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import type { Command } from './commands'
import { Classify, Close, Escalate, NoteForm, Relocate, StandDown } from './Forms'

const FORMS = { note: NoteForm, classify: Classify, escalate: Escalate, relocate: Relocate, standDown: StandDown, close: Close }
type Form = keyof typeof FORMS

interface ActionsProps {
  row: IncidentRow
  view: IncidentView | null
  command: Command
  waiting: boolean
}

/** Each action asks once, in words; taking an incident needs no asking. */
export function Actions({ row, view, command, waiting }: ActionsProps) {
  const speak = useSpeak()
  const [form, setForm] = useState<Form | null>(null)
  const Asked = form ? FORMS[form] : null
  return (
    <div className="actions" role="toolbar" aria-label={speak('panel/actions')}>
      {waiting && (
        <Button variant="contained" className="primary" disabled={command.busy !== null} onClick={() => void command.send('claim')}>
          {speak('desk/claim')}
        </Button>
      )}
      {(Object.keys(FORMS) as Form[]).map((name) => (
        <Button key={name} variant="outlined" color={name === 'standDown' ? 'error' : 'inherit'} onClick={() => setForm(name)}>
          {speak(`action/${name}`)}
        </Button>
      ))}
      {row.kind === 'outage' && row.outage && (
        <Button variant="contained" href={`/devices#outages/${row.outage}`} target="yinling-devices">
          {speak('desk/rollCall')}
        </Button>
      )}
      {Asked && <Asked row={row} view={view} command={command} close={() => setForm(null)} />}
    </div>
  )
}
