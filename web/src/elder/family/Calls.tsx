import type { FamilyCall, FamilyCallView, FamilyHelper } from '../../generated/http'
import { API } from '../../kernel/api'
import { hourMinute, serverClock, useSecond, wholeMinutes } from '../../kernel/time'
import { Face } from '../../ui/Face'
import { path, useAsked } from './api'
import { Frame, go, Shown } from './Frame'
import { Rate } from './Opinions'
import { type Say, useSay } from './words'

const OVER = new Set(['closed', 'false_alarm', 'merged'])
const COMING = new Set(['accepted', 'en_route', 'arrived', 'in_service'])

const when = (iso: string, lang: string): string =>
  new Intl.DateTimeFormat(lang, { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(iso))

export function Calls({ elder, news }: { elder: string; news: number }) {
  const { say, lang } = useSay()
  const asked = useAsked<{ items: FamilyCall[] }>(path('elders', elder, 'calls'), news)
  return (
    <Frame heading={say('calls')}>
      <Shown asked={asked}>
        {({ items }) => (
          <>
            {items.length === 0 && <p role="status">{say('noCalls')}</p>}
            {items.map((one) => (
              <button key={one.incident} type="button" className="person" onClick={() => go(`call/${one.incident}`)}>
                <strong>{say.code('kind', one.kind)}</strong>
                <span>{when(one.opened_at, lang)}</span>
                <span>{OVER.has(one.state) && one.outcome ? say.code('outcome', one.outcome) : say.code('state', one.state)}</span>
              </button>
            ))}
          </>
        )}
      </Shown>
    </Frame>
  )
}

/** A call for help as it happens. */
export function Call({ incident, news, done }: { incident: string; news: number; done: () => void }) {
  const { say } = useSay()
  const asked = useAsked<FamilyCallView>(path('calls', incident), news)
  const kind = asked.data ? say.code('kind', asked.data.line.kind) : say('calls')
  const heading = asked.data ? `${asked.data.name} · ${kind}` : kind
  return (
    <Frame heading={heading}>
      <Shown asked={asked}>
        {(call) => (
          <>
            <Status call={call} />
            <Helpers these={call.helpers} />
            <Story call={call} />
            <Medical call={call} />
            {OVER.has(call.line.state) && <Rate about={path('calls', incident)} given={call.line.rating} done={done} />}
            {OVER.has(call.line.state) && (
              <button type="button" className="second" onClick={() => go(`complain/${call.line.elder}/${incident}`)}>{say('complain')}</button>
            )}
          </>
        )}
      </Shown>
    </Frame>
  )
}

function Status({ call }: { call: FamilyCallView }) {
  const { say } = useSay()
  useSecond()
  const over = OVER.has(call.line.state)
  return (
    <div className="status" data-over={over}>
      <p className="big" role="status"><span aria-hidden="true" className="sign">{over ? '✓' : '!'}</span> {say.code('state', call.line.state)}</p>
      <p aria-live="polite">{sentence(call, say)}</p>
      {over && call.line.outcome && <p>{say('outcome')}: {say.code('outcome', call.line.outcome)}</p>}
      {call.presses > 1 && <p>{say('presses', { n: call.presses })}</p>}
      <p>{say('where')}: {call.address}</p>
    </div>
  )
}

/** Whoever is furthest: a second one may still be on the way while the first is with her. */
const furthest = (helpers: readonly FamilyHelper[]) => [...COMING].reverse().map((state) => helpers.find((one) => one.state === state)).find(Boolean)

/** The one thing that matters now: who, and in how many minutes. */
export function sentence(call: FamilyCallView, say: Say): string {
  const one = furthest(call.helpers)
  if (!one) {
    const last = call.helpers.findLast((helper) => helper.state === 'completed')
    if (last) return say('wasThere', { who: named(last, say) })
    return OVER.has(call.line.state) ? '' : say('seeking')
  }
  const who = named(one, say)
  if (one.state === 'in_service') return say('isWith', { who })
  if (one.state === 'arrived') return say('isThere', { who })
  const left = (Date.parse(one.due_at) - serverClock.now()) / 1000
  return left < 60 ? say('comesSoon', { who }) : say('comesIn', { who, n: wholeMinutes(left) })
}

// A station's name says what it is.
const role = (one: FamilyHelper, say: Say): string => (one.name.includes(say.code('role', one.kind)) ? '' : say.code('role', one.kind))
const named = (one: FamilyHelper, say: Say): string => `${role(one, say)} ${one.name}`.trim()

export function Helpers({ these }: { these: readonly FamilyHelper[] }) {
  const { say, lang } = useSay()
  if (these.length === 0) return null
  return (
    <section aria-labelledby="helpers">
      <h2 id="helpers">{say('helpers')}</h2>
      <ul>
        {these.map((one) => (
          <li key={one.accepted_at + one.name} className="helper" data-coming={COMING.has(one.state)}>
            <Face name={one.name} src={one.portrait ? `${API}/family/portraits/${one.portrait}` : null} />
            <span>
              <strong>{one.name}</strong> {role(one, say)}<br />
              {one.number && <>{[one.organisation, say('number', { number: one.number })].filter(Boolean).join(' · ')}<br /></>}
              {say.code('going', one.state)} · {one.arrived_at ? say('arrivedAt', { time: when(one.arrived_at, lang) }) : say('dueAt', { time: hourMinute(one.due_at, lang) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Story({ call }: { call: FamilyCallView }) {
  const { say, lang } = useSay()
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{say('steps')}</h2>
      <ol className="story">
        {call.steps.map((one) => (
          <li key={one.id}>
            <time dateTime={one.at}>{when(one.at, lang)}</time>
            <span>{say(`step_${one.what}` as Parameters<Say>[0], { who: one.who ?? say('someone'), service: one.service ?? '' })}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function Medical({ call }: { call: FamilyCallView }) {
  const { say, lang } = useSay()
  if (!call.notes) return null
  return (
    <section aria-labelledby="medical">
      <h2 id="medical">{say('medical')}</h2>
      <p>{call.health ?? '—'}</p>
      <h3>{say('notes')}</h3>
      {call.notes.length === 0 && <p>{say('noNotes')}</p>}
      <ul>{call.notes.map((one) => <li key={one.at + one.text}><time dateTime={one.at}>{when(one.at, lang)}</time> {one.text}</li>)}</ul>
    </section>
  )
}
