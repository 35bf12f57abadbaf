import { useSyncExternalStore } from 'react'
import { newKey, request } from '../api'
import { serverClock } from '../time'
import { leadOf } from './lead'
import { Outbox } from './outbox'
import { shelf } from './shelf'
import type { Queued } from './types'

const BLOB_MS = 90_000

const send = ({ path, method, body, blob, key }: Queued): Promise<unknown> =>
  request(path, { method, key, ...(blob ? { blob, timeout: BLOB_MS } : { body }) })

/** The outbox of whoever is logged in on this page. */
export function outboxOf(owner: string): Outbox {
  const outbox = new Outbox({
    owner,
    shelf,
    send,
    lead: (changed) => leadOf('yinling.outbox', changed),
    now: () => serverClock.now(),
    random: Math.random,
    newKey,
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  })
  const inSight = () => document.visibilityState === 'visible' && outbox.inSight()
  addEventListener('online', outbox.nudge)
  addEventListener('pageshow', inSight)
  document.addEventListener('visibilitychange', inSight)
  addEventListener('beforeunload', (event) => {
    if (outbox.read().some((item) => !item.stored)) event.preventDefault()
  })
  return outbox
}

export const useQueued = (outbox: Outbox): readonly Queued[] => useSyncExternalStore(outbox.subscribe, outbox.read)
