import { newKey } from '../api'
import type { Lead } from './types'

const LEASE_MS = 6_000
const RENEW_MS = 2_000

interface Lease {
  holder: string
  until: number
}

/** One page of this origin leads at a time; commands carry their keys, so a moment with two does no harm. */
export function leadOf(name: string, changed: () => void): Lead {
  const told = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name)
  if (told) told.onmessage = changed
  const hold = 'locks' in navigator ? byLock(name, changed) : byLease(name, changed)
  return {
    get mine() {
      return hold.mine()
    },
    claim: hold.claim,
    tell: () => told?.postMessage('changed'),
  }
}

interface Hold {
  mine(): boolean
  claim(): void
}

function byLock(name: string, changed: () => void): Hold {
  let mine = false
  const held = () => {
    mine = true
    changed()
    return new Promise<never>(() => undefined)
  }
  const ask = (steal: boolean) => {
    navigator.locks.request(name, { steal }, held).catch(() => {
      mine = false
      ask(false)
    })
  }
  ask(false)
  return { mine: () => mine, claim: () => mine || ask(true) }
}

function byLease(name: string, changed: () => void): Hold {
  const me = newKey()
  let mine = false
  const read = (): Lease | null => JSON.parse(localStorage.getItem(name) ?? 'null') as Lease | null
  const renew = (steal: boolean) => {
    const before = mine
    try {
      const lease = read()
      mine = steal || lease === null || lease.holder === me || lease.until < Date.now()
      if (mine) localStorage.setItem(name, JSON.stringify({ holder: me, until: Date.now() + LEASE_MS }))
    } catch {
      mine = true // nothing is shared where nothing is kept
    }
    if (mine && !before) changed()
  }
  renew(false)
  setInterval(() => renew(false), RENEW_MS)
  return { mine: () => mine, claim: () => renew(true) }
}
