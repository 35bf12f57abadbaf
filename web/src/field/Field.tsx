import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { JobNotice } from '../generated/console'
import type { Account } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Live, type LinkState, reloadOnce, useLink, useStarted } from '../kernel/live'
import { bell } from '../kernel/ring/bell'
import { EMPTY_FIELD, type FieldState, jobPutAway, reduceField, type Told, toldRead } from '../kernel/state/field'
import type { Item, Ringing } from '../kernel/state/queue'
import { logout, toLogin } from '../kernel/session'
import { useSecond } from '../kernel/time'
import { Banners, SoundBlocked, useSound } from '../ui/Banners'
import { BellMark, Glyph, Tag } from '../ui/Marks'
import { Settings } from '../ui/Settings'
import { OffDuty, OnDuty, Resume } from './Duty'
import { useDuty, useKnownDuty, usePosition } from './duty'
import { Job } from './Job'
import { endOf, FieldContext, type FieldView, stillOpen, useFieldView } from './live'
import { Offers } from './Offer'
import './job.css'
import './field.css'

function Chip({ link, duty }: { link: LinkState; duty: boolean | null }) {
  const speak = useSpeak()
  const sound = useSound()
  const connected = link.link === 'live' || link.link === 'polling'
  const words = () => {
    if (link.link === 'down') return speak('link/unreachable')
    if (!connected) return speak(link.link === 'syncing' ? 'link/syncing' : 'link/connecting')
    if (!duty) return speak('field/offDuty')
    return sound === 'running' ? speak('link/reachable') : speak('link/mutedShort')
  }
  const good = connected && (!duty || sound === 'running')
  return (
    <span role="status">
      <Tag tone={good ? (duty ? 'good' : 'plain') : 'alert'}>
        <Glyph name={good ? 'tick' : 'warn'} size={16} />
        {words()}
      </Tag>
    </span>
  )
}

function toldWords(speak: ReturnType<typeof useSpeak>, told: Told): string {
  if (told.why === 'taken') return told.who ? speak('why/taken', { who: told.who }) : speak('why/takenUnknown')
  return speak.has(`why/${told.why}`) ? speak.word('why', told.why) : speak('why/other')
}

function ToldList({ told, read }: { told: readonly Told[]; read: (key: string) => void }) {
  const speak = useSpeak()
  if (told.length === 0) return null
  return (
    <section className="told" aria-label={speak('field/missed')} role="status">
      {told.map((one) => (
        <div key={one.key}>
          <p>
            <strong>{toldWords(speak, one)}</strong>
            <br />
            <span className="quiet">
              {one.elder} · {one.place}
            </span>
          </p>
          <Button variant="outlined" color="inherit" onClick={() => read(one.key)}>
            {speak('common/know')}
          </Button>
        </div>
      ))}
    </section>
  )
}

function JobList({ jobs, open }: { jobs: Item<JobNotice>[]; open: (job: string) => void }) {
  const speak = useSpeak()
  if (jobs.length === 0) return null
  return (
    <section className="jobs" aria-labelledby="jobs">
      <h2 id="jobs">{speak('field/jobs')}</h2>
      {jobs.map(({ key, d }) => (
        <Button key={key} className="primary" fullWidth variant="contained" onClick={() => open(d.job)}>
          {speak('field/open')} · {speak.word('goingState', d.my_state)}
        </Button>
      ))}
    </section>
  )
}

/** Rings for open offers and for a press after the job was taken; any touch silences. */
function useRinging(view: FieldView): void {
  const second = useSecond()
  const answered = useRef(new Map<string, number>())
  useEffect(() => {
    const offers: Ringing[] = view.offers.filter(({ d }) => stillOpen(d)).map(({ key, d }) => ({ key, level: d.drill ? 3 : d.priority }))
    const presses = view.jobs.filter(({ d }) => pressedAgain(answered.current, d))
    bell.want([...offers, ...presses.map(({ d }) => ({ key: `${d.job} ${d.presses}`, level: 2 }))])
  }, [view, second])
  useEffect(() => {
    const touch = () => bell.ringing && bell.hush()
    addEventListener('pointerdown', touch)
    addEventListener('keydown', touch)
    return () => {
      removeEventListener('pointerdown', touch)
      removeEventListener('keydown', touch)
    }
  }, [])
}

function pressedAgain(known: Map<string, number>, job: JobNotice): boolean {
  if (endOf(job)) return false
  const first = known.get(job.job) ?? job.presses
  known.set(job.job, first)
  return job.presses > first
}

/** One short stroke when a job this person is on ends without them. */
function useEndChime(jobs: Item<JobNotice>[]): void {
  const active = useRef(new Set<string>())
  useEffect(() => {
    for (const { d } of jobs) {
      const end = endOf(d)
      if (!end) active.current.add(d.job)
      else if (active.current.delete(d.job) && end !== 'completed') bell.test()
    }
  }, [jobs])
}

function useOpenJob(jobs: Item<JobNotice>[]) {
  const [open, setOpen] = useState(() => decodeURIComponent(location.hash.slice(1)))
  useEffect(() => {
    const read = () => setOpen(decodeURIComponent(location.hash.slice(1)))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  const show = (job: string) => {
    location.hash = job
    setOpen(job)
  }
  return { item: jobs.find(({ key }) => key === open) ?? null, show }
}

function Screen({ live, account }: { live: Live<FieldState>; account: Account }) {
  const speak = useSpeak()
  const ready = useStarted(live)
  const link = useLink(live)
  const view = useFieldView()
  const sound = useSound()
  const duty = useDuty()
  const { item, show } = useOpenJob(view.jobs)
  const working = view.jobs.filter(({ d }) => !endOf(d))
  const offers = view.offers.filter(({ d }) => stillOpen(d))
  useKnownDuty(view.duty, ready && link.link === 'live')
  usePosition(view.duty === true, working.length > 0)
  useRinging(view)
  useEndChime(view.jobs)
  useEffect(() => {
    if (link.ending === 'login') void toLogin('ended')
    if (live.outdated && offers.length === 0 && working.length === 0) reloadOnce(live.outdated)
  }, [link, live, offers.length, working.length])
  useEffect(() => {
    document.title = `${offers.length > 0 ? `(${offers.length}) ` : ''}${speak('field/title')} · ${speak('app/name')}`
  }, [offers.length, speak])

  const leave = async () => {
    if (view.duty) await duty.stop()
    await logout()
  }
  const back = () => {
    if (item && endOf(item.d)) live.store.everywhere((state) => jobPutAway(state, item.key))
    show('')
  }
  return (
    <>
      <a className="skip" href="#main">
        {speak('app/skip')}
      </a>
      <header className="bar">
        {item ? (
          <IconButton aria-label={speak('job/back')} color="inherit" onClick={back}>
            <Glyph name="back" size={26} />
          </IconButton>
        ) : (
          <BellMark size={34} />
        )}
        <div className="who">
          <strong>{account.name}</strong>
          <span className="quiet">{speak.word('who', account.kind)}</span>
        </div>
        <Chip link={link} duty={view.duty} />
        <Settings account={account} leave={() => void leave()} {...(view.duty ? { warning: speak('settings/logoutOnDuty') } : {})} />
      </header>
      <Banners state={link} takeOver={() => live.takeOver()} field />
      {item && view.duty && <SoundBlocked />}
      <main id="main">
        <ToldList told={view.told} read={(key) => live.store.everywhere((state) => toldRead(state, key))} />
        {item && <Job key={item.key} item={item} back={back} />}
        {!item && <JobList jobs={working} open={show} />}
        {!item && view.duty === false && <OffDuty duty={duty} link={link} />}
        {!item && view.duty === null && <p className="quiet pad">{speak('common/loading')}</p>}
        {!item && view.duty === true && sound !== 'running' && !duty.busy && duty.checks.results.sound !== 'fault' && <Resume duty={duty} />}
        {!item && view.duty === true && (sound === 'running' || duty.checks.results.sound === 'fault') && (
          <OnDuty duty={duty} link={link} busyJob={working.length > 0} />
        )}
      </main>
      <Offers offers={offers} open={show} />
    </>
  )
}

export function Field({ account }: { account: Account }) {
  const live = useMemo(() => new Live<FieldState>('field', account, EMPTY_FIELD, reduceField), [account])
  const context = useMemo(() => ({ live, account }), [live, account])
  return (
    <FieldContext value={context}>
      <Screen live={live} account={account} />
    </FieldContext>
  )
}
