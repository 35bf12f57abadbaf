import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useState } from 'react'
import type { BreakGlass, Reveal as Why, Revealed } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { useSpeak } from '../../kernel/i18n'
import { Ask } from '../../ui/Ask'
import { Choices } from '../../ui/Choices'
import { Foot } from '../../ui/Foot'
import { Clock } from '../../ui/Times'
import { useCommand } from '../reports/api'
import { WordsField } from './parts'

const REASONS = ['incident', 'call_back', 'visit', 'correction', 'complaint', 'asked_by_her'] as const

/** What lay behind the mask, until it is closed. */
function Card({ it, close }: { it: Revealed; close: () => void }) {
  const speak = useSpeak()
  const { elder, home, contacts } = it
  const lines = [
    ['name', elder.name], ['phone', elder.phone], ['address', home?.address], ['doorCode', home?.door_code], ['keyPlace', home?.key_place], ['health', elder.health],
    ...contacts.map((one) => ['contact', `${one.name} ${one.relation} ${one.phone}`] as const),
  ] as const
  return (
    <Dialog open fullWidth maxWidth="sm" onClose={close} aria-labelledby="revealed-title">
      <DialogTitle id="revealed-title">{elder.name}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <dl className="revealed">
          {lines.map(([name, value], at) =>
            value ? (
              <div key={at}>
                <dt>{speak(`authority/card/${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ) : null,
          )}
        </dl>
        {it.review_by && (
          <p className="quiet">
            {speak('authority/reviewBy')} <Clock at={it.review_by} />
          </p>
        )}
      </DialogContent>
      <Foot close={close} />
    </Dialog>
  )
}

/** Behind the mask of somebody in a list: with a reason and a word, both written down. */
export function Reveal({ elder, name }: { elder: string; name: string }) {
  const speak = useSpeak()
  const command = useCommand()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState<(typeof REASONS)[number] | null>(null)
  const draft = `reveal ${elder} `
  const [note, setNote] = useDraft(`${draft}note`)
  const [shown, setShown] = useState<Revealed | null>(null)
  const send = async () => {
    const found = await command.send<Revealed>({ path: `/elders/${encodeURIComponent(elder)}/reveal`, body: { reason: reason ?? 'visit', note } satisfies Why })
    setShown(found)
    return found !== null
  }
  return (
    <>
      <Button color="inherit" aria-label={speak('authority/revealOf', { name })} onClick={() => setAsking(true)}>
        {speak('authority/reveal')}
      </Button>
      {asking && (
        <Ask title={speak('authority/revealOf', { name })} action={speak('authority/reveal')} ready={reason !== null && note.trim().length > 1} command={command} draft={draft} close={() => setAsking(false)} send={send}>
          <p className="quiet">{speak('authority/revealHint')}</p>
          <Choices label={speak('authority/reason')} value={reason} options={REASONS} words={(one) => speak.word('revealReason', one)} choose={setReason} />
          <WordsField label={speak('authority/note')} value={note} change={setNote} rows={2} max={500} />
        </Ask>
      )}
      {shown && <Card it={shown} close={() => setShown(null)} />}
    </>
  )
}

const GLASS = 'glass '

/** 紧急查阅: somebody beyond the own division is in danger; judged within a day by those she belongs to. */
export function Glass() {
  const speak = useSpeak()
  const command = useCommand()
  const [asking, setAsking] = useState(false)
  const [who, setWho] = useDraft(`${GLASS}who`)
  const [note, setNote] = useDraft(`${GLASS}note`)
  const [shown, setShown] = useState<Revealed | null>(null)
  const send = async () => {
    const digits = who.replace(/[\s-]/g, '')
    const found = await command.send<Revealed>({ path: '/break-glass', body: { ...(/^\+?\d{7,}$/.test(digits) ? { phone: digits } : { elder: who.trim() }), note } satisfies BreakGlass })
    setShown(found)
    return found !== null
  }
  return (
    <>
      <Button variant="outlined" color="error" onClick={() => setAsking(true)}>
        {speak('authority/glass')}
      </Button>
      {asking && (
        <Ask title={speak('authority/glass')} action={speak('authority/glassNow')} danger ready={who.trim() !== '' && note.trim().length > 1} command={command} draft={GLASS} close={() => setAsking(false)} send={send}>
          <p>{speak('authority/glassHint')}</p>
          <WordsField label={speak('authority/glassWho')} value={who} change={setWho} rows={1} max={64} />
          <WordsField label={speak('authority/note')} value={note} change={setNote} rows={2} max={500} />
        </Ask>
      )}
      {shown && <Card it={shown} close={() => setShown(null)} />}
    </>
  )
}
