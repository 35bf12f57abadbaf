import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { Correction, Dispute, Settle } from '../generated/http'
import { useDraft } from '../kernel/drafts'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import { fenOf, yuan } from './money'
import { type OrderFormProps, useMove } from './OrderForms'

function Words({ label, value, change }: { label: string; value: string; change: (value: string) => void }) {
  return <TextField fullWidth multiline minRows={2} label={label} value={value} slotProps={{ htmlInput: { maxLength: 2000 } }} onChange={(event) => change(event.target.value)} />
}

const WRONGS = ['not_served', 'too_short', 'quality', 'damage', 'money', 'other'] as const

export function DisputeForm({ view, close }: OrderFormProps) {
  const speak = useSpeak()
  const { order, move } = useMove(view)
  const [reason, setReason] = useState<(typeof WRONGS)[number] | null>(null)
  const words = `order ${view.line.order} dispute `
  const [note, setNote] = useDraft(`${words}note`)
  const send = () => move('dispute', { reason: reason ?? 'other', note } satisfies Dispute)
  return (
    <Ask danger title={speak('orders/disputeTitle')} action={speak('orders/dispute')} ready={reason !== null} command={order} draft={words} close={close} send={send}>
      <Choices label={speak('orders/reason')} value={reason} options={WRONGS} words={(one) => speak(`orders/wrong/${one}`)} choose={setReason} />
      <Words label={speak('orders/note')} value={note} change={setNote} />
    </Ask>
  )
}

export function SettleForm({ view, close }: OrderFormProps) {
  const speak = useSpeak()
  const { order, move } = useMove(view)
  const [sum, setSum] = useState(view.price_cents === null || view.price_cents === undefined ? '' : yuan(view.price_cents))
  const words = `order ${view.line.order} settle `
  const [note, setNote] = useDraft(`${words}note`)
  const fen = fenOf(sum)
  const send = () => move('settle', { charged_cents: fen ?? 0, note } satisfies Settle)
  return (
    <Ask title={speak('orders/settle')} action={speak('orders/settle')} ready={fen !== null} command={order} draft={words} close={close} send={send}>
      <TextField fullWidth required label={speak('orders/settleTitle')} value={sum} slotProps={{ htmlInput: { inputMode: 'decimal' } }} onChange={(event) => setSum(event.target.value)} />
      <Words label={speak('orders/note')} value={note} change={setNote} />
    </Ask>
  )
}

const FIELDS = ['arrival', 'leaving', 'evidence', 'people', 'duration', 'other'] as const

export function CorrectForm({ view, close }: OrderFormProps) {
  const speak = useSpeak()
  const { order, move } = useMove(view)
  const [field, setField] = useState<(typeof FIELDS)[number] | null>(null)
  const words = `order ${view.line.order} correct `
  const [note, setNote] = useDraft(`${words}note`)
  const send = () => move('correct', { field: field ?? 'other', note } satisfies Correction)
  return (
    <Ask title={speak('orders/correctTitle')} action={speak('common/save')} ready={field !== null && note.trim() !== ''} command={order} draft={words} close={close} send={send}>
      <p className="quiet">{speak('orders/correctHint')}</p>
      <Choices label={speak('orders/correctField')} value={field} options={FIELDS} words={(one) => speak(`orders/fields/${one}`)} choose={setField} />
      <Words label={speak('orders/note')} value={note} change={setNote} />
    </Ask>
  )
}
