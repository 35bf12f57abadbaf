import Button from '@mui/material/Button'
import { useState } from 'react'
import type { ComplaintCase } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'
import { Clock } from '../../ui/Times'
import { useGoing } from '../reports/address'
import { lastDay } from '../reports/figures'
import { Files, Sheet } from '../reports/parts'
import { useClocks, useComplaints } from './api'
import { Accept, ClockForm, Register, Reply, Settle } from './ComplaintForms'
import { HazardForm } from './HazardForms'
import { Under, Which } from './parts'

function Times({ one }: { one: ComplaintCase }) {
  const speak = useSpeak()
  const steps = [
    ['received', one.at, null], ['accept', one.accepted_at, one.accept_by], ['reply', one.replied_at, one.reply_by], ['settle', one.settled_at, one.settle_by],
  ] as const
  return (
    <dl className="due-steps">
      {steps.map(([name, at, by]) =>
        at === null && by === null ? null : (
          <div key={name}>
            <dt>{speak.word('complaintStep', name)}</dt>
            <dd>
              {at ? <Clock at={at} /> : <span className="quiet">—</span>}
              {by && (
                <span className="quiet small block">
                  {speak('authority/by')} {lastDay(by)}
                </span>
              )}
            </dd>
          </div>
        ),
      )}
    </dl>
  )
}

type Asking = 'accept' | 'reply' | 'settle' | 'hazard' | null

function Steps({ one, ask }: { one: ComplaintCase; ask: (what: Asking) => void }) {
  const speak = useSpeak()
  if (one.barred) return <p className="quiet">{speak('authority/barred')}</p>
  const next = { accept: 'accept', reply: 'reply', settle: 'settle', answer: 'reply' } as const
  return (
    <div className="buttons">
      {one.step && (
        <Button variant="contained" onClick={() => ask(next[one.step as keyof typeof next])}>
          {speak(`authority/${next[one.step]}`)}
        </Button>
      )}
      {one.step === 'reply' && (
        <Button variant="outlined" color="inherit" onClick={() => ask('settle')}>
          {speak('authority/settle')}
        </Button>
      )}
      {(one.step === 'reply' || one.step === 'settle') && (
        <Button variant="outlined" color="inherit" onClick={() => ask('accept')}>
          {speak('authority/passOn')}
        </Button>
      )}
      <Button variant="outlined" color="inherit" onClick={() => ask('hazard')}>
        {speak('authority/toHazard')}
      </Button>
    </div>
  )
}

function Row({ one }: { one: ComplaintCase }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState<Asking>(null)
  const close = () => setAsking(null)
  return (
    <li className="breach case" data-complaint={one.complaint}>
      <span className="line">
        <strong>{speak.word('complaintSource', one.source)}</strong>
        {one.number && <span className="mono">{one.number}</span>}
        {one.subject && <Tag>{speak.word('complaintSubject', one.subject.kind)}</Tag>}
        {one.overdue && <Tag tone="alert">{speak('authority/overdue')}</Tag>}
        {one.finding && <Tag>{speak.word('complaintFinding', one.finding)}</Tag>}
        <span>
          {one.caller} <span className="quiet">{[one.name_masked, one.about, one.division_name].filter(Boolean).join(' · ')}</span>
        </span>
      </span>
      <p>{one.text}</p>
      {one.reply && <p className="quiet">{speak('authority/replied', { words: one.reply })}</p>}
      {one.answer && one.answer !== one.reply && <p className="quiet">{speak('authority/answered', { words: one.answer })}</p>}
      <Times one={one} />
      {one.handler_name && (
        <p className="small">
          {speak('authority/handler')} <strong>{one.handler_name}</strong>
        </p>
      )}
      {one.step && <Steps one={one} ask={setAsking} />}
      {asking === 'accept' && <Accept one={one} close={close} />}
      {asking === 'reply' && <Reply one={one} close={close} />}
      {asking === 'settle' && <Settle one={one} close={close} />}
      {asking === 'hazard' && <HazardForm division={one.division} complaint={one.complaint} close={close} />}
    </li>
  )
}

function Days() {
  const speak = useSpeak()
  const { given } = useGoing()
  const { data } = useClocks(given)
  const [asking, setAsking] = useState(false)
  if (!data) return null
  return (
    <div className="buttons">
      <span>{speak('authority/clocksAre', { accept: data.accept_days, reply: data.reply_days, settle: data.settle_days })}</span>
      {data.division !== '' && (
        <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
          {speak('authority/clocks')}
        </Button>
      )}
      {asking && <ClockForm clocks={data} close={() => setAsking(false)} />}
    </div>
  )
}

/** Complaints wherever they come from: what is due next, by when, and who handles it. */
export function Complaints({ widest }: { widest: string }) {
  const speak = useSpeak()
  const { given, set } = useGoing()
  const [asking, setAsking] = useState(false)
  const state = given['state'] === 'settled' ? 'settled' : 'open'
  const list = useComplaints(given, state)
  return (
    <Sheet
      title={speak('reportsPage/complaints')}
      actions={
        <>
          <Button variant="contained" onClick={() => setAsking(true)}>
            {speak('authority/register')}
          </Button>
          <Files what="complaints" />
        </>
      }
    >
      <Days />
      <Which label={speak('reportsPage/complaints')} value={state} options={[['open', speak('authority/openOnes')], ['settled', speak('authority/settledOnes')]]} change={(next) => set({ state: next })} />
      <ul className="breaches">
        {list.items.map((one) => (
          <Row key={one.complaint} one={one} />
        ))}
      </ul>
      <Under {...list} many={list.items.length} none={speak('authority/noComplaints')} />
      {asking && <Register division={given['division'] ?? widest} close={() => setAsking(false)} />}
    </Sheet>
  )
}
