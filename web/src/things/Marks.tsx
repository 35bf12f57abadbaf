import { useSpeak } from '../kernel/i18n'
import { serverClock, useSecond } from '../kernel/time'
import { Tag } from '../ui/Marks'
import { ago, dayTime } from './ago'
import type { DeviceLine } from '../generated/http'
import { BATTERY_LOW, signalWord, standing, type Standing } from './state'

const SHAPES: Readonly<Record<Standing, string>> = {
  online: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z',
  offline: 'M12 2.500 23 21.500H1z',
  never: 'M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14z',
  revoked: 'M5 5l14 14M19 5 5 19',
}

/** A full disc, a triangle, a dashed ring, a cross: told apart without colour. */
export function StandingMark({ device, size = 18 }: { device: Pick<DeviceLine, 'online' | 'seen_at' | 'revoked_at'>; size?: number }) {
  const speak = useSpeak()
  const now = standing(device)
  const filled = now === 'online' || now === 'offline'
  return (
    <span className="standing" data-standing={now}>
      <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" fill={filled ? 'currentColor' : 'none'} stroke={filled ? 'none' : 'currentColor'} strokeWidth="3" strokeDasharray={now === 'never' ? '4 3.300' : undefined} strokeLinecap="butt">
        <path d={SHAPES[now]} />
      </svg>
      {speak.word('deviceState', now)}
    </span>
  )
}

export function Battery({ device }: { device: DeviceLine }) {
  const speak = useSpeak()
  const { batt, faults } = device
  const low = faults.includes('low_batt') || (batt !== null && batt <= BATTERY_LOW)
  if (batt === null) return faults.includes('low_batt') ? <Tag tone="warn">{speak('fault/low_batt')}</Tag> : null
  const words = speak(low ? 'things/batteryLow' : 'things/battery', { n: Math.round(batt) })
  return low ? <Tag tone="warn">{words}</Tag> : <span>{words}</span>
}

export function Signal({ rssi }: { rssi: number | null }) {
  const speak = useSpeak()
  if (rssi === null) return null
  const words = `things/signalWord/${signalWord(rssi)}` as const
  return <span title={speak('things/signal', { n: Math.round(rssi) })}>{speak(words)}</span>
}

/** Faults beside those that have a sign of their own in the line. */
export function Faults({ device }: { device: DeviceLine }) {
  const speak = useSpeak()
  return device.faults
    .filter((kind) => kind !== 'low_batt' && kind !== 'offline')
    .map((kind) => (
      <Tag key={kind} tone="warn">
        {speak.word('fault', kind)}
      </Tag>
    ))
}

/** How long ago, with the full time beneath the pointer; turns over by itself. */
export function Ago({ at }: { at: string }) {
  const speak = useSpeak()
  useSecond()
  const now = serverClock.now()
  return (
    <time dateTime={at} title={dayTime(at, speak.lang, now)} aria-live="off">
      {ago(at, speak, now)}
    </time>
  )
}

export function Day({ at }: { at: string | null }) {
  const { lang } = useSpeak()
  if (!at) return <>—</>
  return (
    <time className="mono" dateTime={at}>
      {dayTime(at, lang, serverClock.now())}
    </time>
  )
}

/** From when until when; open at the end while it lasts. */
export function Span({ from, until }: { from: string; until: string | null }) {
  const speak = useSpeak()
  const time = (at: string) => dayTime(at, speak.lang, serverClock.now())
  return <span className="mono">{until ? `${time(from)} – ${time(until)}` : speak('device/from', { time: time(from) })}</span>
}
