import { lazy } from 'react'

const day = () => import('./day/Day')
const completion = () => import('./evidence/CompletionForm')

/** What is not needed to answer a call for help is fetched after it. */
export const Day = lazy(() => day().then(({ Day }) => ({ default: Day })))
export const CompletionForm = lazy(() => completion().then(({ CompletionForm }) => ({ default: CompletionForm })))

const KEPT = 'yinling-field'

/** While there is a network: all this page is made of, so that it can be reloaded and a visit ended without one. */
export async function fetchParts(): Promise<void> {
  await Promise.all([day(), completion()])
  if (!('caches' in window)) return
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
  const cache = await caches.open(KEPT)
  await cache.addAll(['/field', ...new Set(loaded.filter((name) => name.includes('/assets/')))])
}
