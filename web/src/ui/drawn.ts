import { useEffect } from 'react'
import type { Live } from '../kernel/live'
import type { Unseen } from '../kernel/state/queue'
import { bell } from '../kernel/ring/bell'
import type { Off } from '../kernel/stream/painted'
import { useSound } from './Banners'

/**
 * Reports events as seen once they are painted. An animation frame comes only to a visible page, so a hidden
 * one reports nothing; a page that could not ring reports again when it can.
 */
export function useDrawn<S>(
  live: Live<S>,
  unseen: readonly Unseen[],
  ringKey: string | null,
  off: Off<S>,
): void {
  const sound = useSound()
  const ids = unseen.map(({ inbox, id }) => `${inbox} ${id}`).join()
  useEffect(() => {
    if (unseen.length === 0) return
    return live.painted.add({ unseen, off, ring: () => (ringKey ? bell.reportFor(ringKey) : 'none') })
    // `ids` stands for the list, which is new at every render
  }, [ids, ringKey, sound, live])
}
