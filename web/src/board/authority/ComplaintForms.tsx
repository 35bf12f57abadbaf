import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { ClockDays, Clocks, ComplaintCase, ElderLine, NewCase } from '../../generated/http'
import { useDraft } from '../../kernel/drafts'
import { useSpeak } from '../../kernel/i18n'
import { Ask } from '../../ui/Ask'
import { Choices } from '../../ui/Choices'
import { FindElder } from '../../ui/FindElder'
import { useCommand } from '../reports/api'
import { useProviderNames } from './api'
import { ColleagueField, Pick, WordsField } from './parts'

const SOURCES = ['hotline', 'letter', 'visit', 'phone', 'inspection'] as const
const SUBJECTS = ['platform', 'seat', 'responder', 'provider'] as const
const FINDINGS = ['upheld', 'partly', 'not_upheld', 'withdrawn'] as const

const NEW = 'complaint new '

export const casePath = (one: ComplaintCase, rest: string): string => `/supervision/complaints/${one.complaint}/${rest}`

interface SubjectProps {
  kind: string
  id: string
  change: (kind: string, id: string) => void
}

function SubjectFields({ kind, id, change }: SubjectProps) {
  const speak = useSpeak()
  const { data } = useProviderNames()
  const choose = (next: string) => change(kind, next)
  return (
    <>
      <Pick label={speak('authority/subject')} value={kind} options={[['', speak('authority/subjectUnknown')], ...SUBJECTS.map((one) => [one, speak.word('complaintSubject', one)] as const)]} change={(next) => change(next, '')} />
      {kind === 'seat' && <ColleagueField label={speak.word('complaintSubject', 'seat')} value={id} change={choose} />}
      {kind === 'provider' && <Pick label={speak.word('complaintSubject', 'provider')} value={id} options={(data?.items ?? []).map((one) => [one.id, one.name] as const)} change={choose} />}
      {kind === 'responder' && <WordsField label={speak('authority/responderId')} value={id} change={choose} rows={1} max={64} />}
    </>
  )
}

/** What came by a hotline, a letter, a visit: with the source's own number, and whom it is about. */
export function Register({ division, close }: { division: string; close: () => void }) {
  const speak = useSpeak()
  const command = useCommand()
  const [source, setSource] = useState<(typeof SOURCES)[number]>('hotline')
  const [number, setNumber] = useDraft(`${NEW}number`)
  const [caller, setCaller] = useDraft(`${NEW}caller`)
  const [text, setText] = useDraft(`${NEW}text`)
  const [about, setAbout] = useDraft(`${NEW}about`)
  const [elder, setElder] = useState<ElderLine | null>(null)
  const [subject, setSubject] = useState({ kind: '', id: '' })
  const where = elder?.division ?? division
  const named = subject.kind === '' || subject.kind === 'platform' || subject.id !== ''
  const ready = where !== '' && caller.trim() !== '' && text.trim().length > 1 && named
  const send = async () => {
    const body = {
      source, division: where, caller, text, number: number.trim() || null, about: about.trim() || null, elder: elder?.id ?? null,
      subject: subject.kind === '' ? null : { kind: subject.kind as (typeof SUBJECTS)[number], id: subject.id || null },
    } satisfies NewCase
    return (await command.send({ path: '/supervision/complaints', body })) !== null
  }
  return (
    <Ask title={speak('authority/register')} action={speak('common/save')} ready={ready} command={command} draft={NEW} close={close} send={send}>
      <Choices label={speak('authority/source')} value={source} options={SOURCES} words={(one) => speak.word('complaintSource', one)} choose={setSource} />
      <WordsField label={speak('authority/number')} value={number} change={setNumber} rows={1} max={200} />
      <WordsField label={speak('authority/caller')} value={caller} change={setCaller} rows={1} max={200} hint={speak('authority/callerHint')} />
      <WordsField label={speak('authority/what')} value={text} change={setText} />
      <SubjectFields kind={subject.kind} id={subject.id} change={(kind, id) => setSubject({ kind, id })} />
      <WordsField label={speak('authority/about')} value={about} change={setAbout} rows={1} max={64} hint={speak('authority/aboutHint')} />
      {elder ? (
        <p>
          {elder.name_masked} {elder.place}{' '}
          <Button color="inherit" onClick={() => setElder(null)}>
            {speak('authority/otherElder')}
          </Button>
        </p>
      ) : (
        <FindElder choose={setElder} autoFocus={false} />
      )}
    </Ask>
  )
}

interface CaseProps {
  one: ComplaintCase
  close: () => void
}

export function Accept({ one, close }: CaseProps) {
  const speak = useSpeak()
  const command = useCommand()
  const [handler, setHandler] = useState('')
  const send = async () => (await command.send({ path: casePath(one, 'accept'), body: { handler: handler || null } })) !== null
  return (
    <Ask title={speak(one.accepted_at ? 'authority/passOn' : 'authority/accept')} action={speak('common/save')} ready command={command} close={close} send={send}>
      <p className="quiet">{speak('authority/acceptHint')}</p>
      <ColleagueField label={speak('authority/handler')} value={handler} change={setHandler} />
    </Ask>
  )
}

export function Reply({ one, close }: CaseProps) {
  const speak = useSpeak()
  const command = useCommand()
  const draft = `complaint ${one.complaint} reply `
  const [text, setText] = useDraft(`${draft}text`)
  const answered = one.source === 'family' ? { path: `/complaints/${one.complaint}/answer`, body: { answer: text } } : { path: casePath(one, 'reply'), body: { text } }
  const send = async () => (await command.send(answered)) !== null
  return (
    <Ask title={speak('authority/reply')} action={speak('common/save')} ready={text.trim().length > 1} command={command} draft={draft} close={close} send={send}>
      <p>{one.text}</p>
      <WordsField label={speak('authority/replyWords')} value={text} change={setText} />
    </Ask>
  )
}

export function Settle({ one, close }: CaseProps) {
  const speak = useSpeak()
  const command = useCommand()
  const [finding, setFinding] = useState<(typeof FINDINGS)[number] | null>(null)
  const draft = `complaint ${one.complaint} settle `
  const [text, setText] = useDraft(`${draft}text`)
  const send = async () => (await command.send({ path: casePath(one, 'settle'), body: { finding, text } })) !== null
  return (
    <Ask title={speak('authority/settle')} action={speak('common/save')} ready={finding !== null && text.trim().length > 1} command={command} draft={draft} close={close} send={send}>
      <p>{one.text}</p>
      <Choices label={speak('authority/finding')} value={finding} options={FINDINGS} words={(one_) => speak.word('complaintFinding', one_)} choose={setFinding} />
      <WordsField label={speak('authority/settleWords')} value={text} change={setText} />
    </Ask>
  )
}

const STEPS = ['accept_days', 'reply_days', 'settle_days'] as const

export function ClockForm({ clocks, close }: { clocks: Clocks; close: () => void }) {
  const speak = useSpeak()
  const command = useCommand()
  const [days, setDays] = useState<ClockDays>(clocks)
  const inOrder = days.accept_days > 0 && days.accept_days <= days.reply_days && days.reply_days <= days.settle_days
  const body = { accept_days: days.accept_days, reply_days: days.reply_days, settle_days: days.settle_days } satisfies ClockDays
  const send = async () => (await command.send({ path: `/supervision/clocks/${clocks.division}`, method: 'PUT', body })) !== null
  return (
    <Ask title={speak('authority/clocks')} action={speak('common/save')} ready={inOrder} command={command} close={close} send={send}>
      <p className="quiet">{speak('authority/clocksHint')}</p>
      {STEPS.map((step) => (
        <TextField key={step} type="number" label={speak(`authority/${step}`)} value={days[step]} onChange={(event) => setDays({ ...days, [step]: Number(event.target.value) })} slotProps={{ htmlInput: { min: 1, max: 180 } }} />
      ))}
    </Ask>
  )
}
