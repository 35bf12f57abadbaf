import { useState } from 'react'
import type { FamilyDevice } from '../../generated/http'
import { act } from '../../kernel/api'
import { serverClock, useSecond } from '../../kernel/time'
import { path, useAsked } from './api'
import { Fault, Frame, Shown } from './Frame'
import { type Say, useSay } from './words'

const LOW = 20
const PRESSABLE = new Set(['button', 'wearable'])

export function Devices({ elder, news }: { elder: string; news: number }) {
  const { say } = useSay()
  const asked = useAsked<{ items: FamilyDevice[] }>(path('elders', elder, 'devices'), news)
  return (
    <Frame heading={say('devices')}>
      <Shown asked={asked}>
        {({ items }) => (
          <>
            {items.length === 0 && <p role="status">{say('noDevices')}</p>}
            {items.map((one) => <Device key={one.id} elder={elder} one={one} again={asked.again} />)}
          </>
        )}
      </Shown>
    </Frame>
  )
}

function Device({ elder, one, again }: { elder: string; one: FamilyDevice; again: () => void }) {
  const { say, lang } = useSay()
  const time = (iso: string) => new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
  const good = one.online === true && one.faults.length === 0
  const kind = say.code('device', one.kind)
  const heard = [one.seen_at, one.pressed_at].filter((at) => at !== null).toSorted().at(-1)
  return (
    <article className="device" aria-labelledby={`d-${one.id}`}>
      <h2 id={`d-${one.id}`}>{kind === one.kind ? one.model : kind}</h2>
      {(one.online !== null || !heard) && (
        <p className={good ? 'calm' : 'band'}>
          <span aria-hidden="true">{good ? '✓' : '!'}</span> {say(one.online === null ? 'unheard' : one.online ? 'online' : 'offline')}
        </p>
      )}
      {one.faults.length > 0 && <p>{say('faults', { list: one.faults.map((fault) => say.code('fault', fault)).join(lang === 'en' ? ', ' : '、') })}</p>}
      <p>{power(one, say)}</p>
      {heard && <p>{say('seenAt', { time: time(heard) })}</p>}
      {PRESSABLE.has(one.kind) && <p>{one.tested_at ? say('testedAt', { time: time(one.tested_at) }) : say('neverTested')}</p>}
      {PRESSABLE.has(one.kind) && <Test elder={elder} one={one} again={again} />}
    </article>
  )
}

function power(one: FamilyDevice, say: Say): string {
  const mains = one.mains ? ` · ${say('mains')}` : ''
  if (one.batt === null) return one.mains ? say('mains') : say('noBattery')
  const n = Math.round(one.batt)
  return say(n < LOW ? 'batteryLow' : 'battery', { n }) + mains
}

interface Opened {
  at: string
  until: string
}

/** Three minutes in which a press is a test; its result is shown as soon as it has come. */
function Test({ elder, one, again }: { elder: string; one: FamilyDevice; again: () => void }) {
  const { say } = useSay()
  useSecond()
  const [opened, setOpened] = useState<Opened | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const open = async () => {
    setFault(null)
    try {
      const at = new Date(serverClock.now() - 1_000).toISOString()
      const { until } = await act<{ until: string }>(path('elders', elder, 'devices', one.id, 'test'))
      setOpened({ at, until })
      again()
    } catch (error) {
      setFault(error)
    }
  }
  const left = opened ? Math.ceil((Date.parse(opened.until) - serverClock.now()) / 1000) : 0
  const came = opened !== null && one.tested_at !== null && one.tested_at > opened.at
  const waits = opened !== null && !came && left > 0
  return (
    <>
      <p role="status" className={came ? 'told' : undefined}>
        {came ? say('testGood') : waits ? say('testOpen') : opened ? say('testNone') : ''}
      </p>
      {waits && <p aria-hidden="true">{say('testWaits', { n: left })}</p>}
      <Fault error={fault} />
      {!waits && <button type="button" className="second" onClick={() => void open()}>{say('test')}</button>}
    </>
  )
}
