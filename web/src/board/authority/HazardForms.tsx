import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Hazard, NewHazard } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { useSpeak } from '../../kernel/i18n'
import { chinaDay, serverClock } from '../../kernel/time'
import { Ask } from '../../ui/Ask'
import { Choices } from '../../ui/Choices'
import { useCommand } from '../reports/api'
import { ColleagueField, Pick, WordsField } from './parts'

export const HAZARD_KINDS = ['device', 'home', 'staffing', 'provider', 'network', 'other'] as const
const NEW = 'hazard new '
const GRADES = ['general', 'major'] as const

interface HazardFormProps {
  division: string
  complaint?: string
  close: () => void
}

/** What could go wrong, what is done about it, who answers for that, by the end of which day. */
export function HazardForm({ division, complaint, close }: HazardFormProps) {
  const speak = useSpeak()
  const command = useCommand()
  const [kind, setKind] = useState<(typeof HAZARD_KINDS)[number]>('device')
  const [grade, setGrade] = useState<(typeof GRADES)[number]>('general')
  const [text, setText] = useDraft(`${NEW}text`)
  const [measure, setMeasure] = useDraft(`${NEW}measure`)
  const [owner, setOwner] = useState('')
  const [due, setDue] = useState('')
  const today = chinaDay(serverClock.now())
  const ready = division !== '' && text.trim().length > 1 && measure.trim().length > 1 && owner !== '' && due >= today
  const body = { division, kind, grade, text, measure, owner, due_on: due, complaint: complaint ?? null } satisfies NewHazard
  const send = async () => (await command.send({ path: '/supervision/hazards', body })) !== null
  return (
    <Ask title={speak('authority/newHazard')} action={speak('common/save')} ready={ready} command={command} draft={NEW} close={close} send={send}>
      <Pick label={speak('authority/hazardKindLabel')} value={kind} options={HAZARD_KINDS.map((one) => [one, speak.word('hazardKind', one)] as const)} change={(next) => setKind(next as typeof kind)} />
      <Choices label={speak('authority/grade')} value={grade} options={GRADES} words={(one) => speak.word('hazardGrade', one)} choose={setGrade} />
      <WordsField label={speak('authority/hazardText')} value={text} change={setText} rows={2} />
      <WordsField label={speak('authority/measure')} value={measure} change={setMeasure} rows={2} />
      <ColleagueField label={speak('authority/owner')} value={owner} change={setOwner} />
      <TextField type="date" label={speak('authority/dueOn')} value={due} onChange={(event) => setDue(event.target.value)} slotProps={{ inputLabel: { shrink: true }, htmlInput: { min: today } }} />
    </Ask>
  )
}

interface StepProps {
  one: Hazard
  what: 'fix' | 'return'
  close: () => void
}

/** Said to be done, or not done yet: with a word. */
export function HazardStep({ one, what, close }: StepProps) {
  const speak = useSpeak()
  const command = useCommand()
  const draft = `hazard ${one.hazard} ${what} `
  const [text, setText] = useDraft(`${draft}text`)
  const send = async () => (await command.send({ path: `/supervision/hazards/${one.hazard}/${what}`, body: what === 'fix' ? { note: text } : { remark: text } })) !== null
  return (
    <Ask title={speak(`authority/${what}`)} action={speak('common/save')} ready={text.trim().length > 1} command={command} draft={draft} close={close} send={send}>
      <p>{one.text}</p>
      <WordsField label={speak(what === 'fix' ? 'authority/fixWords' : 'authority/returnWords')} value={text} change={setText} />
    </Ask>
  )
}
