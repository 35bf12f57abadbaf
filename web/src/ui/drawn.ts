import { useEffect } from 'react'
import type { Live } from '../kernel/live'
import type { Unseen } from '../kernel/state/queue'
import { bell } from '../kernel/ring/bell'
import type { RingReport } from '../kernel/wire'
import { useSound } from './Banners'

/**
 * Reports events as seen once they are painted. An animation frame comes only to a visible page, so a hidden
 * one reports nothing; a page that could not ring reports again when it can.
 */
export function useDrawn<S>(
  live: Live<S>,
  unseen: readonly Unseen[],
  ringKey: string | null,
  off: (state: S, ids: ReadonlySet<string>) => S,
): void {
  const sound = useSound()
  const ids = unseen.map(({ inbox, id }) => `${inbox} ${id}`).join()
  useEffect(() => {
    if (unseen.length === 0) return
    const frame = requestAnimationFrame(() => {
      const ring: RingReport = ringKey ? bell.reportFor(ringKey) : 'none'
      for (const { inbox, id } of unseen) live.seen(inbox, id, ring)
      if (ring !== 'blocked') live.store.everywhere((state) => off(state, new Set(unseen.map(({ id }) => id))))
    })
    return () => cancelAnimationFrame(frame)
    // `ids` stands for the list, which is new at every render
  }, [ids, ringKey, sound, live])
}
