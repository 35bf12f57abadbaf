import { useMemo, useSyncExternalStore } from 'react'

/** Pages by what they are for. */
export const GROUPS = {
  figures: ['overview', 'breaches', 'times', 'indicators', 'protection', 'providers', 'ratings', 'fleet', 'load', 'coverage', 'month', 'walls'],
  regulation: ['visits', 'duty', 'complaints', 'hazards'],
  access: ['openings', 'reads', 'aid'],
} as const
export type Group = keyof typeof GROUPS
export type Listed = (typeof GROUPS)[Group][number]

/** An auditor reads who has looked; an office reads figures, and neither people nor words about them. */
export function pagesOf(role: string): readonly [Group, readonly Listed[]][] {
  const shut: Readonly<Record<string, readonly Listed[]>> = {
    auditor: [...GROUPS.figures, ...GROUPS.regulation, 'aid'],
    office: ['walls', 'visits', 'complaints', ...GROUPS.access],
  }
  const open = (page: Listed) => !shut[role]?.includes(page)
  return (Object.keys(GROUPS) as Group[]).map((group) => [group, GROUPS[group].filter(open)] as const).filter(([, pages]) => pages.length > 0) as [Group, Listed[]][]
}
/** Opened from a figure, so not in the list of pages. */
const BEHIND = ['incidents', 'cases', 'hours', 'replay'] as const
export type Page = Listed | (typeof BEHIND)[number]
export type Given = Readonly<Record<string, string>>

/** Where a supervisor is: page, thing and filters, all in the address, so that a link shows the same and Back works. */
export interface Address {
  page: Page
  item: string | null
  given: Given
}

const KNOWN: readonly Page[] = [...Object.values(GROUPS).flat(), ...BEHIND]

/** An address whose escapes are broken opens the page without them. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export function readAddress(hash: string): Address {
  const [path = '', ...query] = hash.replace(/^#/, '').split('?')
  const [page, ...item] = path.split('/')
  return {
    page: KNOWN.find((one) => one === page) ?? 'overview',
    item: item.length > 0 ? decoded(item.join('/')) : null,
    given: Object.fromEntries(new URLSearchParams(query.join('?'))),
  }
}

const filled = (given: Given): [string, string][] => Object.entries(given).filter(([, value]) => value !== '')

export function hashOf({ page, item, given }: Address): string {
  const query = new URLSearchParams(filled(given)).toString()
  return `#${page}${item === null ? '' : `/${encodeURIComponent(item)}`}${query && `?${query}`}`
}

/** Between the values of a filter that has several. */
export const SEVERAL = '\n'

/** The filters of an address of the API, such as the list behind a figure. */
export function givenOf(path: string): Given {
  const query = new URLSearchParams(path.split('?')[1] ?? '')
  return Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name).join(SEVERAL)]))
}

/** What goes along from page to page. */
const KEPT = ['division', 'from', 'to'] as const

export const kept = (given: Given): Given => Object.fromEntries(KEPT.flatMap((name) => (given[name] ? [[name, given[name]]] : [])))

export interface Going extends Address {
  /** The address of another page, with division and period as here. */
  to: (page: Page, given?: Given, item?: string | null) => string
  /** The same page with other filters; an empty one is left out. */
  set: (given: Given) => void
  /** The address of this page with other filters. */
  here: (given: Given) => string
}

function goingFrom(address: Address): Going {
  const here = (given: Given) => hashOf({ ...address, given: { ...address.given, ...given } })
  return {
    ...address,
    here,
    to: (page, given = {}, item = null) => hashOf({ page, item, given: { ...kept(address.given), ...given } }),
    set: (given) => location.assign(here(given)),
  }
}

export function useGoing(): Going {
  const hash = useSyncExternalStore(subscribe, () => location.hash)
  return useMemo(() => goingFrom(readAddress(hash)), [hash])
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}
