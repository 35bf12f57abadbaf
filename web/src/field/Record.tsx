import type { ContactCard, ElderCard, HomeCard, JobView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Tag } from '../ui/Marks'
import { Telephone } from '../ui/Telephone'
import { Minutes } from '../ui/Times'
import { Navigate } from './Navigate'

function Address({ home, view }: { home: HomeCard; view: JobView }) {
  const speak = useSpeak()
  const lift = home.lift === null ? null : speak(home.lift ? 'job/lift' : 'job/noLift')
  const floor = home.floor === null ? null : speak('unit/floor', { n: home.floor })
  return (
    <section aria-labelledby="address">
      <h2 id="address">{speak('job/address')}</h2>
      <p className="address">{home.address}</p>
      <p className="quiet">{[floor, lift].filter(Boolean).join(' · ')}</p>
      <Navigate home={home} view={view} />
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
      {elder.medicine && (
        <p className="health">
          <strong>{speak('elderCard/medicine')}</strong> {elder.medicine}
        </p>
      )}
      {elder.allergies && (
        <p className="health">
          <strong>{speak('elderCard/allergies')}</strong> {elder.allergies}
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

function Desk({ phone }: { phone: string }) {
  const speak = useSpeak()
  return (
    <section aria-labelledby="call-desk">
      <h2 id="call-desk">{speak('app/desk')}</h2>
      <Telephone phone={phone} who={speak('app/desk')} />
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

/** Where to go, how to get in, who she is and whom to telephone. */
export function Details({ view }: { view: JobView }) {
  return (
    <>
      {view.home && <Address home={view.home} view={view} />}
      {view.home && <Access home={view.home} />}
      {view.elder && <Elder elder={view.elder} />}
      <Contacts contacts={view.contacts} />
      {view.desk_phone && <Desk phone={view.desk_phone} />}
      <Going view={view} />
    </>
  )
}
