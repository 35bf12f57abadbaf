import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { AssessmentForm, ConsentForm, ContactForm as ContactBody, ContactRecord, NewExport } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { useSpeak } from '../../kernel/i18n'
import { Ask, type Asking } from '../../ui/Ask'
import { Field } from '../../ui/Field'
import { useSend } from '../api'
import { elderPath } from './api'

interface SureProps {
  title: string
  action: string
  command: Asking
  send: () => Promise<boolean>
  close: () => void
}

/** One thing that can't be undone by itself. */
export function Sure({ title, action, command, send, close }: SureProps) {
  return <Ask title={title} action={action} ready danger command={command} send={send} close={close} />
}

interface SelectProps {
  label: string
  value: string
  options: readonly (readonly [string, string])[]
  change: (value: string) => void
  optional?: boolean
}

export function Select({ label, value, options, change, optional = false }: SelectProps) {
  return (
    <TextField select fullWidth required={!optional} label={label} value={value} onChange={(event) => change(event.target.value)}>
      {options.map(([name, words]) => (
        <MenuItem key={name} value={name}>
          {words}
        </MenuItem>
      ))}
    </TextField>
  )
}

const HOURS = Array.from({ length: 25 }, (_, n) => [String(n), String(n)] as const)
const NOBODY: Required<ContactBody> = { name: '', relation: '', phone: '', has_key: false, from_h: 0, until_h: 24 }

export function ContactForm({ elder, n, known, close }: { elder: string; n: number; known?: ContactRecord; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const { name, relation, phone, has_key, from_h, until_h } = known ?? NOBODY
  const [card, setCard] = useState<Required<ContactBody>>({ name, relation, phone, has_key, from_h, until_h })
  const change = (part: Partial<ContactBody>) => setCard({ ...card, ...part })
  const send = async () => (await order.send({ path: elderPath(elder, `/contacts/${n}`), method: 'PUT', body: card })) !== null
  const ready = card.name.trim() !== '' && card.relation.trim() !== '' && card.phone.trim().length >= 3
  return (
    <Ask title={speak('registry/contact', { n })} action={speak('common/save')} ready={ready} command={order} close={close} send={send}>
      <Field required label={speak('registry/name')} value={card.name} change={(value) => change({ name: value })} />
      <Field required label={speak('registry/relation')} value={card.relation} most={20} change={(value) => change({ relation: value })} />
      <Field required type="tel" label={speak('registry/phone')} value={card.phone} most={20} change={(value) => change({ phone: value })} />
      <FormControlLabel control={<Checkbox checked={card.has_key} onChange={(_, has) => change({ has_key: has })} />} label={speak('registry/key')} />
      <Select label={speak('registry/fromHour')} value={String(card.from_h)} options={HOURS} change={(value) => change({ from_h: Number(value) })} />
      <Select label={speak('registry/untilHour')} value={String(card.until_h)} options={HOURS} change={(value) => change({ until_h: Number(value) })} />
    </Ask>
  )
}

const LEVELS = ['0', '1', '2', '3', '4'] as const

export function AssessForm({ elder, close }: { elder: string; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [level, setLevel] = useState('')
  const [on, setOn] = useState('')
  const draft = `record ${elder} assess `
  const [assessor, setAssessor] = useDraft(`${draft}assessor`)
  const body: AssessmentForm = { level: Number(level), assessed_on: on, assessor: assessor || null }
  const send = async () => (await order.send({ path: elderPath(elder, '/assessments'), body })) !== null
  return (
    <Ask title={speak('registry/assess')} action={speak('common/save')} ready={level !== '' && on !== ''} command={order} draft={draft} close={close} send={send}>
      <Select label={speak('registry/assessments')} value={level} options={LEVELS.map((n) => [n, speak('registry/level', { n })] as const)} change={setLevel} />
      <Field required type="date" label={speak('registry/assessedOn')} value={on} change={setOn} />
      <Field label={speak('registry/assessor')} value={assessor} change={setAssessor} />
    </Ask>
  )
}

const PURPOSES = ['care', 'health', 'position', 'recording', 'home_entry', 'research'] as const
const HOW = ['paper', 'in_person', 'telephone', 'own_page'] as const

export function AgreeForm({ elder, close }: { elder: string; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [purpose, setPurpose] = useState<string>('care')
  const [how, setHow] = useState<string>('paper')
  const draft = `record ${elder} agree `
  const [wording, setWording] = useDraft(`${draft}wording`)
  const [guardian, setGuardian] = useDraft(`${draft}guardian`)
  const body = { purpose, how, wording, guardian: guardian || null } as ConsentForm
  const send = async () => (await order.send({ path: elderPath(elder, '/consents'), body })) !== null
  return (
    <Ask title={speak('registry/agree')} action={speak('common/save')} ready={wording.trim() !== ''} command={order} draft={draft} close={close} send={send}>
      <Select label={speak('registry/purposeLabel')} value={purpose} options={PURPOSES.map((one) => [one, speak.word('agreed', one)] as const)} change={setPurpose} />
      <Select label={speak('registry/how')} value={how} options={HOW.map((one) => [one, speak.word('consentHow', one)] as const)} change={setHow} />
      <Field required label={speak('registry/wording')} value={wording} most={64} change={setWording} />
      <Field label={speak('registry/guardian')} value={guardian} change={setGuardian} />
    </Ask>
  )
}

const SHORTEST_REASON = 4
const EXPORT = 'export new '
const DIVISION = /^(\d{6}|\d{9}|\d{12})$/

export function ExportForm({ division, close }: { division: string; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [sheet, setSheet] = useState<string>('elders')
  const [within, setWithin] = useState(division)
  const [reason, setReason] = useDraft(`${EXPORT}reason`)
  const body = { sheet, within, reason } as NewExport
  const send = async () => (await order.send({ path: '/registry/exports', body })) !== null
  const ready = DIVISION.test(within) && reason.trim().length >= SHORTEST_REASON
  return (
    <Ask title={speak('registry/askExport')} action={speak('registry/askExport')} ready={ready} command={order} draft={EXPORT} close={close} send={send}>
      <Select label={speak('registry/exports')} value={sheet} options={(['elders', 'contacts'] as const).map((one) => [one, speak.word('sheetName', one)] as const)} change={setSheet} />
      <Field required label={speak('registry/within')} value={within} most={12} change={setWithin} />
      <Field required label={speak('registry/reason')} value={reason} most={200} change={setReason} />
    </Ask>
  )
}
