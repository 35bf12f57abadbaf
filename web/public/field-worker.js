// Has the responder's page at hand when there is no network, and brings it forward from a notice.
// The network is always asked first, so nobody is left on an old build.

const KEPT = 'yinling-field'
const PAGE = '/field'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate' && url.pathname === PAGE) event.respondWith(fresh(request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(kept(request))
})

async function fresh(request) {
  const cache = await caches.open(KEPT)
  try {
    const answer = await fetch(request)
    if (answer.ok) await changed(cache, answer.clone())
    return answer
  } catch (error) {
    const page = await cache.match(PAGE)
    if (page) return page
    throw error
  }
}

/** A page without the number that is fresh in every answer (Content-Security-Policy). */
const names = async (page) => (await page.text()).replace(/ nonce="[^"]*"/g, '')

/** A new page names other scripts: the old ones are let go. */
async function changed(cache, page) {
  const before = await cache.match(PAGE)
  const others = before && (await names(before)) !== (await names(page.clone()))
  if (others) for (const one of await cache.keys()) await cache.delete(one)
  await cache.put(PAGE, page)
}

/** The name of an asset changes with its content. */
async function kept(request) {
  const cache = await caches.open(KEPT)
  const here = await cache.match(request)
  if (here) return here
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(forward())
})

async function forward() {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const page = pages.find(({ url }) => new URL(url).pathname === PAGE)
  return page ? page.focus() : self.clients.openWindow(PAGE)
}
