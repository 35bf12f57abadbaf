import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import { Suspense, useEffect, useMemo, useState } from 'react'
import type { JobNotice } from '../generated/console'
import type { Account } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Live, reloadOnce, useLink, useStarted } from '../kernel/live'
import { outboxOf } from '../kernel/outbox/browser'
import { EMPTY_FIELD, type FieldState, jobPutAway, reduceField, type Told, toldRead } from '../kernel/state/field'
import type { Item } from '../kernel/state/queue'
import { logout, toLogin } from '../kernel/session'
import { Banners, SoundBlocked, useSound } from '../ui/Banners'
import { BellMark, Glyph } from '../ui/Marks'
import { Reminders } from '../ui/Reminders'
import { Settings } from '../ui/Settings'
import { OffDuty, OnDuty, Resume } from './Duty'
import { useDuty, useKnownDuty } from './duty'
import { Chip, Outdated, Sharing } from './Head'
import { useSpentDrafts } from './evidence/draft'
import { Job } from './Job'
import { useAnswers } from './job'
import { endOf, FieldContext, stillOpen, useField, useFieldView, useWaiting } from './live'
import { useNotices, useWorker } from './notices'
import { Offers } from './Offer'
import { Day, fetchParts } from './parts'
import { usePosition } from './position'
import { useEndChime, useRinging } from './rings'
import { Waiting } from './Waiting'
import './job.css'
import './field.css'

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

function Screen() {
  const speak = useSpeak()
  const { live, account, outbox } = useField()
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
  useRinging(view, link)
  useEndChime(view.jobs)
  useAnswers()
  useSpentDrafts()
  useWorker()
  useNotices(offers)
  const waiting = useWaiting()
  useEffect(() => {
    if (link.ending === 'login' || outbox.loggedOut) void toLogin('ended')
    if (live.outdated && offers.length === 0 && working.length === 0) reloadOnce(live.outdated)
  }, [link, live, outbox, waiting, offers.length, working.length])
  useEffect(() => {
    if (link.link !== 'live') return
    outbox.nudge()
    fetchParts().catch(() => undefined) // then the next connection brings them
  }, [link.link, outbox])
  useEffect(() => {
    document.title = `${offers.length > 0 ? `(${offers.length}) ` : ''}${speak('field/title')} · ${speak('app/name')}`
  }, [offers.length, speak])

  const warning = [view.duty ? speak('settings/logoutOnDuty') : '', waiting.length > 0 ? speak('queue/logout', { n: waiting.length }) : ''].filter(Boolean).join(' ')
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
        <Settings account={account} leave={() => void leave()} {...(warning ? { warning } : {})} />
      </header>
      <Banners state={link} takeOver={() => live.takeOver()} field />
      <Outdated wanted={live.outdated} />
      <Reminders live={live} />
      {item && view.duty && <SoundBlocked />}
      <main id="main">
        {view.duty && <Sharing going={working.length > 0} />}
        <Waiting />
        <ToldList told={view.told} read={(key) => live.store.everywhere((state) => toldRead(state, key))} />
        {item && <Job key={item.key} item={item} back={back} />}
        {!item && <JobList jobs={working} open={show} />}
        {!item && view.duty === false && <OffDuty duty={duty} link={link} />}
        {!item && view.duty === null && <p className="quiet pad">{speak('common/loading')}</p>}
        {!item && view.duty === true && sound !== 'running' && !duty.busy && duty.checks.results.sound !== 'fault' && <Resume duty={duty} />}
        {!item && view.duty === true && (sound === 'running' || duty.checks.results.sound === 'fault') && (
          <OnDuty duty={duty} link={link} busyJob={working.length > 0} />
        )}
        <Suspense>{!item && <Day />}</Suspense>
      </main>
      <Offers offers={offers} open={show} />
    </>
  )
}

export function Field({ account }: { account: Account }) {
  const live = useMemo(() => new Live<FieldState>('field', account, EMPTY_FIELD, reduceField), [account])
  const outbox = useMemo(() => outboxOf(account.id), [account])
  const context = useMemo(() => ({ live, account, outbox }), [live, account, outbox])
  return (
    <FieldContext value={context}>
      <Screen />
    </FieldContext>
  )
}
