import { useSyncExternalStore } from 'react'
import { useSpeak } from '../../kernel/i18n'
import type { LinkState } from '../../kernel/live'
import { elapsed, serverClock, useSecond } from '../../kernel/time'
import { useSound } from '../../ui/Banners'
import { Glyph, Tag } from '../../ui/Marks'

const CLOCK_OFF_MS = 5_000
const SLOW = new Set(['slow-2g', '2g', '3g'])

interface Connection extends EventTarget {
  effectiveType?: string
}

const connection = (): Connection | undefined => (navigator as Navigator & { connection?: Connection }).connection

type Net = 'netGood' | 'netSlow' | 'netOff'

function net(): Net {
  if (!navigator.onLine) return 'netOff'
  return SLOW.has(connection()?.effectiveType ?? '') ? 'netSlow' : 'netGood'
}

function subscribe(listener: () => void): () => void {
  const sources: [EventTarget | undefined, string][] = [[window, 'online'], [window, 'offline'], [connection(), 'change']]
  for (const [source, name] of sources) source?.addEventListener(name, listener)
  return () => {
    for (const [source, name] of sources) source?.removeEventListener(name, listener)
  }
}

function Sign({ good, glyph, words }: { good: boolean; glyph: 'warn' | 'mute'; words: string }) {
  return (
    <Tag tone={good ? 'good' : 'alert'}>
      <Glyph name={good ? 'tick' : glyph} size={16} />
      {words}
    </Tag>
  )
}

function ClockSign() {
  const speak = useSpeak()
  useSecond()
  const off = Math.abs(serverClock.offset)
  const good = off < CLOCK_OFF_MS
  return <Sign good={good} glyph="warn" words={good ? speak('seatHealth/clockGood') : speak('seatHealth/clockOff', { time: elapsed(off) })} />
}

/** Whether this seat works: connection, sound, clock, network. Each says so in words, with a sign. */
export function SeatStrip({ link }: { link: LinkState }) {
  const speak = useSpeak()
  const sound = useSound()
  const network = useSyncExternalStore(subscribe, net)
  const connected = link.link === 'live' || link.link === 'polling'
  return (
    <span className="seat" role="status" aria-label={speak('seatHealth/label')}>
      <Sign good={connected} glyph="warn" words={speak(`link/${link.link}`)} />
      <Sign good={sound === 'running'} glyph="mute" words={sound === 'running' ? speak('sound/on') : speak('link/mutedShort')} />
      <ClockSign />
      <Sign good={network === 'netGood'} glyph="warn" words={speak(`seatHealth/${network}`)} />
    </span>
  )
}
