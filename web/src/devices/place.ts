import { useSyncExternalStore } from 'react'

export type Section = 'list' | 'unbound' | 'outages' | 'denials'

/** Where on the page somebody is: kept in the address, so that the desk can link here and Back works. */
export interface Spot {
  section: Section
  item: string | null
}

const SECTIONS: readonly Section[] = ['list', 'unbound', 'outages', 'denials']

export function readSpot(hash: string): Spot {
  const [section, ...rest] = hash.replace(/^#/, '').split('/')
  const known = SECTIONS.find((one) => one === section) ?? 'list'
  return { section: known, item: rest.length > 0 ? decodeURIComponent(rest.join('/')) : null }
}

export const spotHash = ({ section, item }: Spot): string => `#${section}${item === null ? '' : `/${encodeURIComponent(item)}`}`

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

export function useSpot(): [Spot, (spot: Spot) => void] {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  return [readSpot(hash), (spot) => location.assign(spotHash(spot))]
}
