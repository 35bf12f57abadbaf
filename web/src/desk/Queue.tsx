import { type KeyboardEvent, useRef } from 'react'
import type { AlarmHeard } from '../generated/console'
import type { IncidentRow } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { calling, type Item } from '../kernel/state/queue'
import { Glyph } from '../ui/Marks'
import { IncomingCalls } from './IncomingCalls'
import { useDesk, useQueue, useShown } from './live'
import { Low } from './load/Low'
import { Shelved } from './load/Shelved'
import { Notices } from './Notices'
import { Rows } from './Rows'

interface GroupProps {
  name: string
  title: string
  empty: string
  rows: Item<IncidentRow | AlarmHeard>[]
  selected: string | null
  choose: (incident: string) => void
}

function Group({ name, title, empty, rows, selected, choose }: GroupProps) {
  return (
    <section aria-labelledby={`group-${name}`}>
      <h2 id={`group-${name}`}>
        {title} <span className="count">{rows.length}</span>
      </h2>
      {rows.length === 0 && <p className="quiet empty">{empty}</p>}
      <Rows items={rows} selected={selected} choose={choose} />
    </section>
  )
}

/** Keys act while the focus is in the queue, so they never catch somebody typing. */
function useKeys(hush: () => void, freeze: () => void) {
  const list = useRef<HTMLElement>(null)
  const step = (by: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    const at = rows.findIndex((row) => row.closest('li')?.contains(document.activeElement))
    rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus()
  }
  const claim = () => {
    const row = document.activeElement?.closest('li') ?? list.current?.querySelector('li')
    row?.querySelector<HTMLElement>('[data-claim]')?.click()
  }
  const actions: Record<string, () => void> = { ArrowDown: () => step(1), ArrowUp: () => step(-1), c: claim, s: hush, f: freeze }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!action) return
    event.preventDefault()
    action()
  }
  return { list, onKeyDown }
}

interface QueueProps {
  selected: string | null
  choose: (incident: string) => void
  hush: () => void
  frozen: boolean
  freeze: () => void
}

export function Queue({ selected, choose, hush, frozen, freeze }: QueueProps) {
  const speak = useSpeak()
  const { live } = useDesk()
  const { shown: queue, hold, changes } = useShown(useQueue(live), frozen)
  const { list, onKeyDown } = useKeys(hush, freeze)
  return (
    <nav className="queue" ref={list} aria-label={speak('desk/queue')} onKeyDown={onKeyDown} onPointerDown={hold}>
      {frozen && (
        <p className="frozen" role="status">
          <Glyph name="freeze" />
          {speak('desk/frozen', { n: changes })}
        </p>
      )}
      <IncomingCalls calls={queue.calls} open={choose} />
      <Notices queue={queue} />
      <Group name="waiting" title={speak('desk/waiting')} empty={speak('desk/noneWaiting')} rows={calling(queue)} selected={selected} choose={choose} />
      <Group name="taken" title={speak('desk/taken')} empty={speak('desk/noneTaken')} rows={queue.taken} selected={selected} choose={choose} />
      <Low rows={queue.low} selected={selected} choose={choose} />
      <Shelved rows={queue.shelved} choose={choose} />
    </nav>
  )
}
