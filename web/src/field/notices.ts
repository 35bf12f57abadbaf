import { useEffect } from 'react'
import type { OfferNotice } from '../generated/console'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'
import type { Item } from '../kernel/state/queue'

const WORKER = '/field-worker.js'
const DECIDE_MS = 30_000

/** Asks whether the phone may show notices; false where it may not, or nobody decides. */
export async function allowNotices(): Promise<boolean> {
  if (!('Notification' in window)) return false
  const asked = Notification.requestPermission().catch(() => 'denied' as const)
  const undecided = new Promise<'default'>((done) => setTimeout(() => done('default'), DECIDE_MS))
  return (await Promise.race([asked, undecided])) === 'granted'
}

/** The worker shows notices on phones that let no page do so, and has the page at hand when there is no network. */
export function useWorker(): void {
  useEffect(() => {
    if ('serviceWorker' in navigator) void navigator.serviceWorker.register(WORKER, { scope: '/field' }).catch(() => undefined)
  }, [])
}

/** A page that nobody looks at says by a notice that somebody waits; without names, since a locked screen is public. */
export function useNotices(offers: readonly Item<OfferNotice>[]): void {
  const speak = useSpeak()
  const keys = offers.map(({ key }) => key).join()
  useEffect(() => {
    const shown = async (one: OfferNotice) => {
      const worker = await registration()
      const title = `${speak.word('level', levelOf(one.priority))} · ${speak.word('kind', one.kind)}`
      await worker?.showNotification(title, { body: speak('offer/title'), tag: one.offer, requireInteraction: true })
    }
    const tell = () => {
      if (document.visibilityState === 'visible' || !('Notification' in window) || Notification.permission !== 'granted') return
      for (const { d } of offers) void shown(d).catch(() => undefined)
    }
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => {
      document.removeEventListener('visibilitychange', tell)
      void clear(new Set(offers.map(({ d }) => d.offer)))
    }
    // `keys` stands for the list, which is new at every render
  }, [keys, speak])
}

const registration = async () => ('serviceWorker' in navigator ? navigator.serviceWorker.getRegistration('/field') : undefined)

async function clear(tags: ReadonlySet<string>): Promise<void> {
  const worker = await registration()
  const shown = (await worker?.getNotifications().catch(() => [])) ?? []
  for (const one of shown) if (tags.has(one.tag)) one.close()
}
