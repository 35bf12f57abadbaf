import Button from '@mui/material/Button'
import { Suspense, useEffect, useMemo, useState } from 'react'
import type { JobNotice } from '../generated/console'
import type { AssignmentLine, JobView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import { fieldSeen } from '../kernel/state/field'
import type { Item } from '../kernel/state/queue'
import { Notice } from '../ui/Banners'
import { useDrawn } from '../ui/drawn'
import { LevelMark, Tag } from '../ui/Marks'
import { Elapsed } from '../ui/Times'
import { CheckIn } from './CheckIn'
import { Ambulance, GiveBack, TroubleForm } from './Forms'
import { type Ask, type JobControl, useJob, useJobControl } from './job'
import { endOf, foreseen, nextStep, useField, useWaiting } from './live'
import { FIRE } from './Offer'
import { CompletionForm } from './parts'
import { Details } from './Record'
import { Service } from './Service'
import { Sought } from './Sought'
import { Next, Track } from './Steps'

function Over({ how, unsent, back }: { how: string; unsent: boolean; back: () => void }) {
  const speak = useSpeak()
  const key = speak.has(`job/over/${how}`) ? how : how === 'withdrawn' ? 'replaced' : 'other'
  return (
    <section className="over" role="status">
      <p>{unsent ? speak('queue/finished') : speak(`job/over/${key as 'other'}`)}</p>
      <Button className="primary" variant="contained" fullWidth onClick={back}>
        {speak('job/back')}
      </Button>
    </section>
  )
}

function Presses({ presses }: { presses: number }) {
  const speak = useSpeak()
  if (presses < 2) return null
  return (
    <p className="danger" role="alert">
      {speak('job/pressedAgain')} <strong>{speak('job/presses', { n: presses })}</strong>
    </p>
  )
}

const TROUBLE = {
  'no-access': 'job/noAccess',
  'not-found': 'job/notFound',
  'give-back': 'job/giveBack',
} as const

/** What can go wrong where this person is now: a shut door only at the door, giving back only before the elder. */
function possible(mine: AssignmentLine): (keyof typeof TROUBLE)[] {
  if (mine.with_elder_at) return []
  return mine.arrived_at ? ['no-access', 'not-found', 'give-back'] : ['give-back']
}

function Trouble({ mine, ask }: { mine: AssignmentLine; ask: (what: Ask) => void }) {
  const speak = useSpeak()
  const what = possible(mine)
  if (what.length === 0) return null
  return (
    <section aria-labelledby="trouble">
      <h2 id="trouble">{speak('job/trouble')}</h2>
      <div className="grid">
        {what.map((one) => (
          <Button key={one} variant="outlined" color="inherit" onClick={() => ask(one)}>
            {speak(TROUBLE[one])}
          </Button>
        ))}
      </div>
    </section>
  )
}

/** What not to do comes before anything else where there is smoke or gas. */
function Fire({ kind }: { kind: string }) {
  const speak = useSpeak()
  return FIRE.has(kind) ? <p className="danger">{speak('offer/fire')}</p> : null
}

interface AskingProps {
  what: Ask | null
  view: JobView
  control: JobControl
  close: () => void
}

function Asking({ what, view, control, close }: AskingProps) {
  if (what === null) return null
  if (what === 'complete') return <CompletionForm view={view} close={close} />
  if (what === 'ambulance') return <Ambulance drill={view.drill} control={control} close={close} />
  if (what === 'give-back') return <GiveBack offer={view.mine?.offer ?? ''} control={control} close={close} />
  return <TroubleForm what={what} control={control} close={close} />
}

interface JobProps {
  item: Item<JobNotice>
  back: () => void
}

export function Job({ item, back }: JobProps) {
  const speak = useSpeak()
  const { live, account } = useField()
  const notice = item.d
  const { data: view, error, refetch } = useJob(notice)
  const control = useJobControl(notice.job)
  const waiting = useWaiting(notice.job)
  const [asking, setAsking] = useState<Ask | null>(null)
  useDrawn(live, item.unseen, null, fieldSeen)
  const mine = useMemo(() => foreseen(view?.mine ?? null, waiting), [view, waiting])
  const over = endOf(notice) ?? (mine?.ended_at ? 'completed' : null)
  const step = view && !over ? nextStep(mine) : null
  const done = () => setAsking(null)
  useEffect(() => void window.scrollTo(0, 0), [notice.job, step])
  return (
    <article className="job" data-level={view ? levelOf(view.priority) : undefined}>
      <header>
        <div>
          <h1>{view ? speak.word('kind', view.kind) : speak('job/title')}</h1>
          {view && (
            <span className="quiet">
              <Elapsed since={view.opened_at} />
            </span>
          )}
        </div>
        {view && <LevelMark priority={view.priority} size={28} />}
        {view?.drill && <Tag tone="drill">{speak('app/drillLong')}</Tag>}
      </header>
      {over && <Over how={over} unsent={waiting.some(({ what }) => what === 'complete')} back={back} />}
      {view && !over && <Fire kind={view.kind} />}
      {!over && <Presses presses={notice.presses} />}
      {!over && notice.note && <p className="health">{notice.note}</p>}
      {!over && notice.role === 'backup' && (
        <Notice tone="calm" title={speak('job/backup')}>
          {speak('job/backupBody')}
        </Notice>
      )}
      {error !== null && (
        <Notice tone="warn" title={speak(view ? 'job/stale' : 'job/fetchFailed')} action={<Button variant="outlined" color="inherit" onClick={() => void refetch()}>{speak('common/retry')}</Button>}>
          {speak.problem(error)}
        </Notice>
      )}
      {!view && error === null && <p className="quiet pad">{speak('common/loading')}</p>}
      {mine && <Track mine={mine} />}
      {view?.check_in_due && step === 'complete' && <CheckIn due={view.check_in_due} job={view.job} control={control} />}
      {view && !over && <Service view={view} provider={account.kind === 'provider'} />}
      {view && !over && <Sought view={view} />}
      {view && !over && <Details view={view} />}
      {mine && !over && <Trouble mine={mine} ask={setAsking} />}
      {view && step && (
        <Next step={step} view={view} control={control} complete={() => setAsking('complete')}>
          <Button variant="outlined" color="inherit" onClick={() => setAsking('support')}>
            {speak('job/support')}
          </Button>
          <Button variant="outlined" color="error" onClick={() => setAsking('ambulance')}>
            {speak('ambulance/need')}
          </Button>
        </Next>
      )}
      <Suspense>{view && <Asking what={asking} view={view} control={control} close={done} />}</Suspense>
    </article>
  )
}
