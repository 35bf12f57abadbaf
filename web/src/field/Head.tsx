import { useSpeak } from '../kernel/i18n'
import type { LinkState } from '../kernel/live'
import { useSecond } from '../kernel/time'
import { Notice, useSound } from '../ui/Banners'
import { Glyph, Tag } from '../ui/Marks'
import { usePlace } from './position'

/** Whether this phone can be rung now. */
export function Chip({ link, duty }: { link: LinkState; duty: boolean | null }) {
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

const STALE_MS = 120_000

/** As long as this phone tells where it is, it says so. */
export function Sharing({ going }: { going: boolean }) {
  const speak = useSpeak()
  useSecond()
  const place = usePlace()
  const stale = !place || Date.now() - place.at > STALE_MS
  const words = stale ? speak('sharing/nowhere') : speak(going ? 'sharing/going' : 'sharing/idle', { n: Math.max(1, Math.round(place.fix.accuracy)) })
  return (
    <p className="sharing" data-stale={stale}>
      <Glyph name="pin" size={16} /> {words}
    </p>
  )
}

/** A newer build is there; it is taken when nobody waits for an answer. */
export function Outdated({ wanted }: { wanted: string | null }) {
  const speak = useSpeak()
  if (!wanted) return null
  return (
    <Notice tone="warn" title={speak('outdated/title')}>
      {speak('outdated/body')}
    </Notice>
  )
}
