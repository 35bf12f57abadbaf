import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { NewPrice, NewService, ServiceLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { listed } from '../../kernel/listed'
import { chinaDay, serverClock } from '../../kernel/time'
import { Ask } from '../../ui/Ask'
import { useSend } from '../api'
import { fenOf } from '../money'
import { nameOf, permilleOf } from './rules'

interface FieldProps {
  label: string
  value: string
  change: (value: string) => void
  number?: boolean
}

function Field({ label, value, change, number = false }: FieldProps) {
  const numeric = number ? { htmlInput: { inputMode: 'decimal' as const } } : {}
  return <TextField fullWidth label={label} value={value} slotProps={numeric} onChange={(event) => change(event.target.value)} />
}

const pathOf = (code: string, rest = ''): string => `/services/${encodeURIComponent(code)}${rest}`

export function PriceForm({ service, division, close }: { service: ServiceLine; division: string; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [since, setSince] = useState(chinaDay(serverClock.now()))
  const [cost, setCost] = useState('')
  const [share, setShare] = useState('0')
  const [absent, setAbsent] = useState('0')
  const cents = fenOf(cost)
  const subsidy = permilleOf(share)
  const away = permilleOf(absent)
  const send = async () => {
    const body: NewPrice = { division, since, cents: cents ?? 0, subsidy_permille: subsidy ?? 0, absent_permille: away ?? 0 }
    return (await order.send({ path: pathOf(service.code, '/prices'), body })) !== null
  }
  const ready = since !== '' && cents !== null && subsidy !== null && away !== null
  return (
    <Ask title={speak('services/changeTitle', { service: nameOf(service, speak) })} action={speak('common/save')} ready={ready} command={order} close={close} send={send}>
      <p className="quiet">{speak('services/changeHint')}</p>
      <TextField fullWidth required type="date" label={speak('services/from')} value={since} slotProps={{ inputLabel: { shrink: true } }} onChange={(event) => setSince(event.target.value)} />
      <Field number label={speak('services/cost')} value={cost} change={setCost} />
      <Field number label={speak('services/share')} value={share} change={setShare} />
      <Field number label={speak('services/absent')} value={absent} change={setAbsent} />
    </Ask>
  )
}

const BLANK = { code: '', name: '', name_en: '', minutes: '60', hands: '1', skills: '' }
const CODE = /^[a-z][a-z0-9_]{1,31}$/

export function ServiceForm({ division, close }: { division: string; close: () => void }) {
  const speak = useSpeak()
  const order = useSend()
  const [draft, setDraft] = useState(BLANK)
  const [welfare, setWelfare] = useState(false)
  const field = (name: keyof typeof BLANK, label: string, number = false) => (
    <Field number={number} label={label} value={draft[name]} change={(value) => setDraft({ ...draft, [name]: value })} />
  )
  const minutes = Number(draft.minutes)
  const hands = Number(draft.hands)
  const ready = CODE.test(draft.code) && draft.name.trim() !== '' && minutes >= 1 && hands >= 1
  const send = async () => {
    const body: NewService = { division, name: draft.name.trim(), name_en: draft.name_en.trim(), minutes, hands, skills: listed(draft.skills), welfare }
    return (await order.send({ path: pathOf(draft.code), body, method: 'PUT' })) !== null
  }
  return (
    <Ask title={speak('services/addTitle')} action={speak('common/save')} ready={ready} command={order} close={close} send={send}>
      <p className="quiet">{speak('services/addHint')}</p>
      {field('code', speak('services/code'))}
      {field('name', speak('services/name'))}
      {field('name_en', speak('services/nameEn'))}
      {field('minutes', speak('services/minutes'), true)}
      {field('hands', speak('services/hands'), true)}
      {field('skills', speak('services/skills'))}
      <FormControlLabel control={<Checkbox checked={welfare} onChange={(event) => setWelfare(event.target.checked)} />} label={speak('services/welfare')} />
    </Ask>
  )
}
