import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { IncidentRow, Shelving } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Ask } from '../../ui/Ask'
import { Choices } from '../../ui/Choices'
import { useCommand } from '../commands'
import { useDraft, wordsOf } from '../draft'

const MINUTES = ['15', '60', '480', '1440'] as const

function Form({ row, close }: { row: IncidentRow; close: () => void }) {
  const speak = useSpeak()
  const command = useCommand(row)
  const [minutes, setMinutes] = useState<(typeof MINUTES)[number]>('60')
  const words = wordsOf(row.incident, 'shelve')
  const [reason, setReason] = useDraft(`${words}reason`)
  const body: Shelving = { minutes: Number(minutes) as Shelving['minutes'], reason }
  return (
    <Ask title={speak('shelf/title', { kind: speak.word('kind', row.kind) })} action={speak('shelf/action')} ready={reason.trim() !== ''} command={command} draft={words} close={close} send={() => command.send('shelve', body)}>
      <p>{speak('shelf/body')}</p>
      <Choices label={speak('shelf/minutes')} value={minutes} options={MINUTES} words={(one) => speak(`shelf/for/${one}`)} choose={setMinutes} />
      <TextField fullWidth required label={speak('shelf/reason')} value={reason} slotProps={{ htmlInput: { maxLength: 500 } }} onChange={(event) => setReason(event.target.value)} />
    </Ask>
  )
}

/** 搁置 of a condition of a thing. */
export function Shelve({ row }: { row: IncidentRow }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="outlined" color="inherit" data-shelve aria-label={speak('shelf/actionOf', { kind: speak.word('kind', row.kind), name: row.name_masked })} onClick={() => setAsking(true)}>
        {speak('shelf/action')}
      </Button>
      {asking && <Form row={row} close={() => setAsking(false)} />}
    </>
  )
}
