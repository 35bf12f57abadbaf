import Button from '@mui/material/Button'
import { type ReactNode, useState } from 'react'
import type { AssignmentLine, ByPhone, OfferLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import type { Command } from './commands'

type Act = ByPhone['act']

const LIVE = new Set(['sent', 'shown', 'rang'])
const OUTCOMES = ['helped', 'hospital', 'false_press', 'refused', 'other'] as const
const REASONS = ['busy', 'too_far', 'unwell', 'off_duty', 'no_transport', 'other'] as const

/** What somebody on the telephone may be saying now. */
export function actsOf(offer: OfferLine | null, mine: AssignmentLine | null): Act[] {
  if (mine && !mine.ended_at) {
    if (mine.with_elder_at) return ['complete', 'support']
    if (mine.arrived_at) return ['start', 'no_access', 'not_found', 'support', 'decline']
    return mine.departed_at ? ['arrive', 'support', 'decline'] : ['depart', 'arrive', 'decline']
  }
  return offer && LIVE.has(offer.state) ? ['accept', 'decline'] : []
}

interface FormProps {
  who: string
  name: string
  acts: Act[]
  command: Command
  close: () => void
  children?: ReactNode
}

function Form({ who, name, acts, command, close, children }: FormProps) {
  const speak = useSpeak()
  const [act, setAct] = useState<Act | null>(null)
  const [reason, setReason] = useState<(typeof REASONS)[number]>('other')
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]>('helped')
  const send = () => command.send('act-for', { responder: who, act: act ?? 'accept', reason, outcome } satisfies ByPhone)
  return (
    <Ask title={speak('onBehalf/who', { who: name })} action={speak('common/save')} ready={act !== null && acts.includes(act)} command={command} close={close} send={send}>
      <p>{speak('onBehalf/body')}</p>
      {children}
      <Choices label={speak('onBehalf/title')} value={act} options={acts} words={(one) => speak.word('onBehalf', `step/${one}`)} choose={setAct} />
      {act === 'decline' && <Choices label={speak('offer/declineTitle')} value={reason} options={REASONS} words={(one) => speak.word('decline', one)} choose={setReason} />}
      {act === 'complete' && <Choices label={speak('job/completeTitle')} value={outcome} options={OUTCOMES} words={(one) => speak.word('outcome', one)} choose={setOutcome} />}
    </Ask>
  )
}

interface OnBehalfProps {
  mine: AssignmentLine
  command: Command
}

/** 电话代录: everything a helper's phone can do, by whoever hears it on the telephone. */
export function OnBehalf({ mine, command }: OnBehalfProps) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="outlined" color="inherit" aria-label={speak('onBehalf/who', { who: mine.name })} onClick={() => setAsking(true)}>
        {speak('onBehalf/button')}
      </Button>
      {asking && <Form who={mine.responder} name={mine.name} acts={actsOf(null, mine)} command={command} close={() => setAsking(false)} />}
    </>
  )
}

/** The same for those who have been asked and have not answered: first whose answer it is. */
export function AnswerFor({ offers, command }: { offers: readonly OfferLine[]; command: Command }) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const open = offers.filter((offer) => actsOf(offer, null).length > 0)
  const one = open.find(({ id }) => id === chosen) ?? null
  const close = () => (setAsking(false), setChosen(null))
  if (open.length === 0) return null
  return (
    <>
      <Button color="inherit" onClick={() => setAsking(true)}>
        {speak('onBehalf/mark')}
      </Button>
      {asking && (
        <Form who={one?.responder ?? ''} name={one?.name ?? '…'} acts={one ? actsOf(one, null) : []} command={command} close={close}>
          <Choices label={speak('onBehalf/choose')} value={chosen} options={open.map(({ id }) => id)} words={(id) => open.find((offer) => offer.id === id)?.name ?? ''} choose={setChosen} />
        </Form>
      )}
    </>
  )
}
