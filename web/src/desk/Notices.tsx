import Button from '@mui/material/Button'
import { memo } from 'react'
import type { BreachNotice, UnplacedNotice } from '../generated/console'
import { useSpeak } from '../kernel/i18n'
import { deskSeen, putAside } from '../kernel/state/desk'
import type { Item, Queue } from '../kernel/state/queue'
import { useDrawn } from '../ui/drawn'
import { Glyph } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { useDesk } from './live'

function useAside(key: string): () => void {
  const { live } = useDesk()
  return () => live.store.everywhere((state) => putAside(state, key))
}

function Aside({ name }: { name: string }) {
  const speak = useSpeak()
  const aside = useAside(name)
  return (
    <Button variant="outlined" color="inherit" onClick={aside}>
      {speak('desk/aside')}
    </Button>
  )
}

const Unplaced = memo(function Unplaced({ item }: { item: Item<UnplacedNotice> }) {
  const speak = useSpeak()
  const { live } = useDesk()
  useDrawn(live, item.unseen, item.key, deskSeen)
  return (
    <li>
      <div>
        <strong>{speak.word('quarantine', item.d.reason)}</strong>
        <span className="small">
          {speak('desk/unplacedTopic')} {item.d.topic} {item.at && <Clock at={item.at} />}
        </span>
      </div>
      <Button variant="contained" href={`/devices#unbound/${encodeURIComponent(item.d.quarantine)}`} target="yinling-devices">
        {speak(item.d.reason === 'unbound' ? 'desk/bind' : 'desk/look')}
      </Button>
      <Aside name={item.key} />
    </li>
  )
})

function detailOf(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(' · ')
}

const Breach = memo(function Breach({ item }: { item: Item<BreachNotice> }) {
  const speak = useSpeak()
  const { live } = useDesk()
  useDrawn(live, item.unseen, item.key, deskSeen)
  const { check, place, kind, incident, detail } = item.d
  const many = detail['incidents']
  const single = speak.has(`desk/breach/${check}`) ? speak(`desk/breach/${check as 'other'}`) : speak('desk/breach/other')
  const words = typeof many === 'number' ? speak('desk/breachMany', { n: many }) : single
  return (
    <li>
      <div>
        <strong>{words}</strong>
        {kind && (
          <span>
            {speak.word('kind', kind)} {place}
          </span>
        )}
        <span className="small">{[incident, typeof many === 'number' ? '' : detailOf(detail)].filter(Boolean).join(' · ')}</span>
      </div>
      <Aside name={item.key} />
    </li>
  )
})

/** What is no incident but must not be missed: the platform's own alarms, and alarms without an owner. */
export function Notices({ queue }: { queue: Queue }) {
  const speak = useSpeak()
  return (
    <>
      {queue.breaches.length > 0 && (
        <section className="notices" data-tone="alert" aria-labelledby="breaches">
          <h2 id="breaches">
            <Glyph name="warn" /> {speak('desk/breaches')} <span className="count">{queue.breaches.length}</span>
          </h2>
          <ul>
            {queue.breaches.map((item) => (
              <Breach key={item.key} item={item} />
            ))}
          </ul>
        </section>
      )}
      {queue.unplaced.length > 0 && (
        <section className="notices" data-tone="warn" aria-labelledby="unplaced">
          <h2 id="unplaced">
            <Glyph name="warn" /> {speak('desk/unplaced')} <span className="count">{queue.unplaced.length}</span>
          </h2>
          <p className="small">{speak('desk/unplacedBody')}</p>
          <ul>
            {queue.unplaced.map((item) => (
              <Unplaced key={item.key} item={item} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
