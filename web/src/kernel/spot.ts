import { useSyncExternalStore } from 'react'

/** Where on a page somebody is: kept in the address, so that another page can link here and Back works. */
export interface Spot<S extends string> {
  section: S
  item: string | null
}

/** The spots of a page with these sections; the first one is where it opens. */
export function spotsOf<S extends string>(sections: readonly [S, ...S[]]) {
  const read = (hash: string): Spot<S> => {
    const [section, ...rest] = hash.replace(/^#/, '').split('/')
    const known = sections.find((one) => one === section) ?? sections[0]
    return { section: known, item: rest.length > 0 ? decodeURIComponent(rest.join('/')) : null }
  }
  const hashOf = ({ section, item }: Spot<S>): string => `#${section}${item === null ? '' : `/${encodeURIComponent(item)}`}`
  const use = (): [Spot<S>, (spot: Spot<S>) => void] => {
    const hash = useSyncExternalStore(subscribe, () => location.hash)
    return [read(hash), (spot) => location.assign(hashOf(spot))]
  }
  return { read, hashOf, use }
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}
