import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import { useState } from 'react'
import type { ElderForm, ElderRecord } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Ask } from '../../ui/Ask'
import { Field } from '../../ui/Field'
import { useSend } from '../api'
import { elderPath } from './api'
import { Select } from './Forms'

/** What is written, with how many signs it may have. */
const WRITTEN = { name: 60, phone: 20, division: 12, address: 200, door_code: 40, key_place: 100, dialect: 20, health: 1000, medicine: 1000, allergies: 1000, last_wishes: 1000, id_number: 18 } as const
const COUNTED = ['lat', 'lon', 'born', 'floor'] as const
const TICKED = ['lives_alone', 'dementia', 'break_in'] as const
const REQUIRED: readonly string[] = ['id', 'name', 'division', 'address', 'lat', 'lon']
const CHOICES = { sex: ['f', 'm'], risk: ['low', 'medium', 'high'], gender_wish: ['f', 'm'], lift: ['yes', 'no'] } as const
const GROUPS = { sex: 'sexOf', risk: 'riskGrade', gender_wish: 'sexOf' } as const

type Words = Record<string, string>

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

function wordsOf(known: ElderRecord | undefined, division: string): Words {
  const names = [...Object.keys(WRITTEN), ...COUNTED, 'sex', 'risk', 'gender_wish'] as (keyof ElderRecord)[]
  const words = Object.fromEntries(names.map((name) => [name, String(known?.[name] ?? '')]))
  const lift = known?.lift ?? null
  return { ...words, id: known?.id ?? '', division: known?.division ?? division, lift: lift === null ? '' : lift ? 'yes' : 'no' }
}

/** The whole card as the server takes it: what is empty here is empty from then on. */
function bodyOf(words: Words, ticks: Record<string, boolean>, home: string | null): ElderForm {
  const text = Object.fromEntries([...Object.keys(WRITTEN), 'sex', 'risk', 'gender_wish'].map((name) => [name, words[name]?.trim() || null]))
  const numbers = Object.fromEntries(COUNTED.map((name) => [name, words[name]?.trim() ? Number(words[name]) : null]))
  return { ...text, ...numbers, ...ticks, lift: words['lift'] ? words['lift'] === 'yes' : null, home } as unknown as ElderForm
}

interface CardFormProps {
  known?: ElderRecord
  division: string
  close: () => void
  done?: (elder: string) => void
}

/** An elder's card and home, as the desk writes them. */
export function CardForm({ known, division, close, done }: CardFormProps) {
  const speak = useSpeak()
  const order = useSend()
  const [words, setWords] = useState(() => wordsOf(known, division))
  const [ticks, setTicks] = useState<Record<string, boolean>>(() => Object.fromEntries(TICKED.map((name) => [name, known?.[name] ?? false])))
  const change = (name: string) => (value: string) => setWords({ ...words, [name]: value })
  const label = (name: string) => speak.word('elderField', name)
  const field = (name: string, most: number) => <Field key={name} required={REQUIRED.includes(name)} label={label(name)} value={words[name] ?? ''} most={most} change={change(name)} />
  const say = (name: keyof typeof CHOICES, one: string) => (name === 'lift' ? speak(one === 'yes' ? 'registry/yes' : 'registry/no') : speak.word(GROUPS[name], one))
  const numbers = COUNTED.every((name) => Number.isFinite(Number(words[name])))
  const ready = REQUIRED.every((name) => words[name]?.trim()) && ID.test(words['id'] ?? '') && numbers
  const send = async () => {
    const id = words['id'] ?? ''
    const sent = (await order.send({ path: elderPath(id), method: 'PUT', body: bodyOf(words, ticks, known?.home ?? null) })) !== null
    if (sent) done?.(id)
    return sent
  }
  return (
    <Ask title={speak(known ? 'registry/editCard' : 'registry/addElder')} action={speak('common/save')} ready={ready} command={order} close={close} send={send}>
      {!known && field('id', 64)}
      {Object.entries(WRITTEN).map(([name, most]) => field(name, most))}
      {COUNTED.map((name) => field(name, 12))}
      {(Object.keys(CHOICES) as (keyof typeof CHOICES)[]).map((name) => (
        <Select key={name} optional label={label(name)} value={words[name] ?? ''} options={[['', speak('registry/unknown')], ...CHOICES[name].map((one) => [one, say(name, one)] as const)]} change={change(name)} />
      ))}
      {TICKED.map((name) => (
        <FormControlLabel key={name} control={<Checkbox checked={ticks[name] ?? false} onChange={(_, on) => setTicks({ ...ticks, [name]: on })} />} label={label(name)} />
      ))}
    </Ask>
  )
}
