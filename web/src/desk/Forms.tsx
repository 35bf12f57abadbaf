import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Classification, Closing, IncidentRow, IncidentView, Note, Relocation, StandDown as StandDownBody } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { LevelMark } from '../ui/Marks'
import type { Command } from './commands'
import { useDraft, wordsOf } from './draft'

export interface FormProps {
  row: IncidentRow
  view: IncidentView | null
  command: Command
  close: () => void
}

interface AreaProps {
  label: string
  value: string
  change: (value: string) => void
  required?: boolean
  hint?: string
}

export function Area({ label, value, change, required = false, hint }: AreaProps) {
  return (
    <TextField
      fullWidth
      multiline
      minRows={2}
      sx={{ mt: 1 }}
      label={label}
      required={required}
      value={value}
      onChange={(event) => change(event.target.value)}
      {...(hint ? { helperText: hint } : {})}
    />
  )
}

export function NoteForm({ row, command, close }: FormProps) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'note')
  const [text, setText] = useDraft(`${words}text`)
  return (
    <Ask title={speak('action/note')} action={speak('common/save')} ready={text.trim() !== ''} command={command} draft={words} close={close} send={() => command.send('note', { text } satisfies Note)}>
      <Area label={speak('action/noteLabel')} value={text} change={setText} required />
    </Ask>
  )
}

export function Classify({ row, command, close }: FormProps) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'classify')
  const [priority, setPriority] = useState(row.priority)
  const [reason, setReason] = useDraft(`${words}reason`)
  const lower = priority > row.priority
  const body: Classification = { priority, reason }
  const ready = priority !== row.priority && (!lower || reason.trim() !== '')
  return (
    <Ask title={speak('action/classifyTitle')} action={speak('common/confirm')} ready={ready} command={command} draft={words} close={close} send={() => command.send('classify', body)}>
      <RadioGroup aria-label={speak('action/classifyTitle')} value={String(priority)} onChange={(_, value) => setPriority(Number(value))}>
        {[1, 2, 3, 4].map((level) => (
          <FormControlLabel key={level} value={String(level)} control={<Radio />} label={<LevelMark priority={level} />} />
        ))}
      </RadioGroup>
      <Area label={speak('action/reason')} value={reason} change={setReason} required={lower} {...(lower ? { hint: speak('action/reasonLower') } : {})} />
    </Ask>
  )
}

export function Escalate({ row, command, close }: FormProps) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'escalate')
  const [reason, setReason] = useDraft(`${words}reason`)
  return (
    <Ask title={speak('action/escalateTitle')} action={speak('action/escalateDo')} ready command={command} draft={words} close={close} send={() => command.send('escalate', { reason })}>
      <p>{speak('action/escalateBody')}</p>
      <Area label={speak('action/reason')} value={reason} change={setReason} />
    </Ask>
  )
}

export function StandDown({ row, command, close }: FormProps) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'standDown')
  const [reason, setReason] = useDraft(`${words}reason`)
  const send = () => command.send('stand-down', { reason } satisfies StandDownBody)
  return (
    <Ask danger title={speak('action/standDownTitle')} action={speak('action/standDownDo')} ready={reason.trim() !== ''} command={command} draft={words} close={close} send={send}>
      <p>{speak('action/standDownBody')}</p>
      <Area label={speak('action/reason')} value={reason} change={setReason} required />
    </Ask>
  )
}

const within = (text: string, most: number): boolean => text.trim() !== '' && Math.abs(Number(text)) <= most

export function Relocate({ row, command, close, view }: FormProps) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'relocate')
  const [lat, setLat] = useState(view?.home ? String(view.home.lat) : '')
  const [lon, setLon] = useState(view?.home ? String(view.home.lon) : '')
  const [note, setNote] = useDraft(`${words}note`)
  const body: Relocation = { lat: Number(lat), lon: Number(lon), note }
  return (
    <Ask title={speak('action/relocateTitle')} action={speak('common/confirm')} ready={within(lat, 90) && within(lon, 180)} command={command} draft={words} close={close} send={() => command.send('relocate', body)}>
      <p>{speak('action/relocateBody')}</p>
      <div className="two">
        <TextField label={speak('action/lat')} value={lat} required slotProps={{ htmlInput: { inputMode: 'decimal' } }} onChange={(event) => setLat(event.target.value)} />
        <TextField label={speak('action/lon')} value={lon} required slotProps={{ htmlInput: { inputMode: 'decimal' } }} onChange={(event) => setLon(event.target.value)} />
      </div>
      <Area label={speak('common/optional')} value={note} change={setNote} />
    </Ask>
  )
}

const OUTCOMES: readonly Closing['outcome'][] = ['genuine', 'false_press', 'test', 'device_fault', 'hospital', 'deceased', 'not_actionable', 'poor_details', 'other']
const EVIDENCE = ['seen', 'heard', 'none'] as const
const ABOUT_A_PERSON = new Set(['sos', 'sos_unknown', 'fall', 'vital', 'inactivity', 'fence_exit'])

/** 误报: the same form with its outcome said already; it still asks who saw or heard her. */
export const FalseAlarm = (props: FormProps) => <Close {...props} as="false_press" />

export function Close({ row, view, command, close, as = null }: FormProps & { as?: Closing['outcome'] | null }) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'close')
  const [outcome, setOutcome] = useState(as)
  const [evidence, setEvidence] = useState<NonNullable<Closing['evidence']>>((view?.evidence as 'seen' | null) ?? 'none')
  const [by, setBy] = useDraft(`${words}by`, view?.evidence_by ?? '')
  const [note, setNote] = useDraft(`${words}note`)
  const needs = ABOUT_A_PERSON.has(row.kind)
  const proven = !needs || (evidence !== 'none' && by.trim() !== '')
  const body: Closing = { outcome: outcome ?? 'other', evidence, evidence_by: by, note }
  return (
    <Ask title={speak('action/closeTitle')} action={speak('action/closeDo')} ready={outcome !== null && proven} command={command} draft={words} close={close} send={() => command.send('close', body)}>
      <fieldset>
        <legend>{speak('action/closeOutcome')}</legend>
        <RadioGroup className="two" aria-label={speak('action/closeOutcome')} value={outcome ?? ''} onChange={(_, value) => setOutcome(value as Closing['outcome'])}>
          {OUTCOMES.map((one) => (
            <FormControlLabel key={one} value={one} control={<Radio />} label={speak.word('outcome', one)} />
          ))}
        </RadioGroup>
      </fieldset>
      <fieldset>
        <legend>{speak('action/closeEvidence')}</legend>
        <RadioGroup row aria-label={speak('action/closeEvidence')} value={evidence} onChange={(_, value) => setEvidence(value as 'seen')}>
          {EVIDENCE.map((one) => (
            <FormControlLabel key={one} value={one} control={<Radio />} label={speak.word('evidence', one)} />
          ))}
        </RadioGroup>
        {needs && !proven && <p className="hint">{speak('action/closeNeed')}</p>}
      </fieldset>
      <TextField fullWidth label={speak('action/closeBy')} value={by} required={needs} onChange={(event) => setBy(event.target.value)} />
      <Area label={`${speak('action/closeNote')} (${speak('common/optional')})`} value={note} change={setNote} />
    </Ask>
  )
}
