import Button from '@mui/material/Button'
import { useEffect, useState } from 'react'
import type { JobNotice } from '../generated/console'
import type { AssignmentLine, ContactCard, ElderCard, HomeCard, JobView } from '../generated/http'
import { copy } from '../kernel/clipboard'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import { fieldSeen } from '../kernel/state/field'
import type { Item } from '../kernel/state/queue'
import { Notice } from '../ui/Banners'
import { useDrawn } from '../ui/drawn'
import { Glyph, LevelMark, Tag } from '../ui/Marks'
import { Telephone } from '../ui/Telephone'
import { Elapsed, Minutes } from '../ui/Times'
import { Complete, GiveBack, TroubleForm } from './Forms'
import { type Ask, mapLink, type JobControl, type Trouble as TroubleKind, useJob, useJobControl } from './job'
import { endOf, nextStep, useField } from './live'
import { Service } from './Service'
import { Next, Track } from './Steps'

function Address({ home, view }: { home: HomeCard; view: JobView }) {
  const speak = useSpeak()
  const [copied, setCopied] = useState(false)
  const lift = home.lift === null ? null : speak(home.lift ? 'job/lift' : 'job/noLift')
  const floor = home.floor === null ? null : speak('unit/floor', { n: home.floor })
  const href = mapLink(view.lat ?? home.lat, view.lon ?? home.lon, home.address, navigator.userAgent)
  return (
    <section aria-labelledby="address">
      <h2 id="address">{speak('job/address')}</h2>
      <p className="address">{home.address}</p>
      <p className="quiet">{[floor, lift].filter(Boolean).join(' · ')}</p>
      <div className="pair">
        <a className="tel" href={href}>
          <Glyph name="pin" />
          {speak('job/navigate')}
        </a>
        <Button variant="outlined" color="inherit" onClick={() => void copy(home.address).then(setCopied)}>
          {speak(copied ? 'common/copied' : 'common/copy')}
        </Button>
      </div>
    </section>
  )
}

function Access({ home }: { home: HomeCard }) {
  const speak = useSpeak()
  if (!home.door_code && !home.key_place) return null
  return (
    <section aria-labelledby="access">
      <h2 id="access">{speak('job/access')}</h2>
      <dl className="pairs">
        {home.door_code && (
          <div>
            <dt>{speak('job/door')}</dt>
            <dd className="code">{home.door_code}</dd>
          </div>
        )}
        {home.key_place && (
          <div>
            <dt>{speak('job/key')}</dt>
            <dd>{home.key_place}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}

function Elder({ elder }: { elder: ElderCard }) {
  const speak = useSpeak()
  const line = [
    speak.word('sex', elder.sex),
    elder.age === null ? '' : speak('unit/age', { n: elder.age }),
    elder.lives_alone ? speak('job/alone') : '',
    elder.assessment === null ? '' : speak('job/assessment', { n: elder.assessment }),
    elder.dialect ? `${speak('job/dialect')} ${elder.dialect}` : '',
  ]
  return (
    <section aria-labelledby="elder">
      <h2 id="elder">{elder.name}</h2>
      <p className="quiet">{line.filter(Boolean).join(' · ')}</p>
      {elder.health && (
        <p className="health">
          <strong>{speak('job/health')}</strong> {elder.health}
        </p>
      )}
      {elder.phone && <Telephone phone={elder.phone} who={elder.name} />}
    </section>
  )
}

function Contacts({ contacts }: { contacts: readonly ContactCard[] }) {
  const speak = useSpeak()
  if (contacts.length === 0) return null
  return (
    <section aria-labelledby="contacts">
      <h2 id="contacts">{speak('job/contacts')}</h2>
      <ul className="people">
        {contacts.map((contact) => (
          <li key={`${contact.ord} ${contact.phone}`}>
            <div>
              <strong>{contact.name}</strong>
              <span className="quiet"> {contact.relation}</span>{' '}
              {contact.has_key && <Tag>{speak('job/hasKey')}</Tag>}
            </div>
            <Telephone phone={contact.phone} who={contact.name} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Going({ view }: { view: JobView }) {
  const speak = useSpeak()
  if (view.going.length < 2) return null
  return (
    <section aria-labelledby="going">
      <h2 id="going">{speak('job/going')}</h2>
      <ul className="people">
        {view.going.map((one) => (
          <li key={one.id}>
            <div>
              <strong>{one.name}</strong>
              <span className="quiet">
                {' '}
                {one.id === view.mine?.id ? `(${speak('job/you')}) ` : ''}
                {speak.word('role', one.role)}
              </span>
            </div>
            <span>
              {speak.word('goingState', one.state)} {one.arrived_at ? null : <Minutes seconds={one.eta_s} />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Over({ how, back }: { how: string; back: () => void }) {
  const speak = useSpeak()
  const key = speak.has(`job/over/${how}`) ? how : how === 'withdrawn' ? 'replaced' : 'other'
  return (
    <section className="over" role="status">
      <p>{speak(`job/over/${key as 'other'}`)}</p>
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

function Details({ view }: { view: JobView }) {
  return (
    <>
      {view.home && <Address home={view.home} view={view} />}
      {view.home && <Access home={view.home} />}
      {view.elder && <Elder elder={view.elder} />}
      <Contacts contacts={view.contacts} />
      <Going view={view} />
    </>
  )
}

const TROUBLE: Record<TroubleKind | 'give-back', 'job/support' | 'job/noAccess' | 'job/notFound' | 'job/giveBack'> = {
  support: 'job/support',
  'no-access': 'job/noAccess',
  'not-found': 'job/notFound',
  'give-back': 'job/giveBack',
}

/** What can go wrong where this person is now: a shut door only at the door, giving back only before the elder. */
function possible(mine: AssignmentLine): (keyof typeof TROUBLE)[] {
  if (mine.with_elder_at) return ['support']
  return mine.arrived_at ? ['support', 'no-access', 'not-found', 'give-back'] : ['support', 'give-back']
}

function Trouble({ mine, ask }: { mine: AssignmentLine; ask: (what: Ask) => void }) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="trouble">
      <h2 id="trouble">{speak('job/trouble')}</h2>
      <div className="grid">
        {possible(mine).map((what) => (
          <Button key={what} variant="outlined" color="inherit" onClick={() => ask(what)}>
            {speak(TROUBLE[what])}
          </Button>
        ))}
        <a className="tel alert" href="tel:120">
          <Glyph name="phone" />
          120
        </a>
      </div>
    </section>
  )
}

interface AskingProps {
  what: Ask | null
  offer: string
  control: JobControl
  close: () => void
}

function Asking({ what, offer, control, close }: AskingProps) {
  if (what === null) return null
  if (what === 'complete') return <Complete control={control} close={close} />
  if (what === 'give-back') return <GiveBack offer={offer} control={control} close={close} />
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
  const control = useJobControl(notice)
  const [asking, setAsking] = useState<Ask | null>(null)
  useDrawn(live, item.unseen, null, fieldSeen)
  useEffect(() => void window.scrollTo(0, 0), [notice.job])
  const over = endOf(notice) ?? (view?.mine?.ended_at ? 'completed' : null)
  const step = view && !over ? nextStep(view.mine) : null
  const done = () => setAsking(null)
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
      {over && <Over how={over} back={back} />}
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
      {view?.mine && <Track mine={view.mine} />}
      {view && !over && <Service view={view} provider={account.kind === 'provider'} />}
      {view && !over && <Details view={view} />}
      {view?.mine && !over && <Trouble mine={view.mine} ask={setAsking} />}
      {step && <Next step={step} control={control} complete={() => setAsking('complete')} />}
      <Asking what={asking} offer={view?.mine?.offer ?? ''} control={control} close={done} />
    </article>
  )
}
