import type { Saved, Saver } from './state/store'

const NAME = 'yinling'
/** The whole state is copied each time; what a reload lacks of it comes again. */
const SAVE_MS = 1_000

/** What the browser keeps: where each inbox is, what has not been sent yet, and forms that are not finished. */
export const STORES = ['inbox', 'outbox', 'drafts'] as const
export type StoreName = (typeof STORES)[number]

interface Kept<S> extends Saved<S> {
  build: string
}

let opening: Promise<IDBDatabase | null> | null = null

function open(): Promise<IDBDatabase | null> {
  opening ??= new Promise((done) => {
    try {
      const request = indexedDB.open(NAME, 2)
      request.onupgradeneeded = () => {
        for (const store of STORES) if (!request.result.objectStoreNames.contains(store)) request.result.createObjectStore(store)
      }
      request.onsuccess = () => {
        // A newer build in another tab must not wait for this one.
        request.result.onversionchange = () => request.result.close()
        done(request.result)
      }
      request.onerror = () => done(null)
      request.onblocked = () => done(null)
    } catch {
      done(null)
    }
  })
  return opening
}

/** One transaction; null where the browser keeps nothing, or no more. It is done when it is on the disk. */
export async function stored<T>(name: StoreName, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  const database = await open()
  if (!database) return null
  return new Promise((done) => {
    try {
      const transaction = database.transaction(name, mode, { durability: name === 'outbox' ? 'strict' : 'default' })
      const request = work(transaction.objectStore(name))
      transaction.oncomplete = () => done(request.result)
      transaction.onabort = () => done(null)
      transaction.onerror = () => done(null)
    } catch {
      done(null)
    }
  })
}

/** Where positions live between visits. A browser that refuses storage only costs a snapshot. */
export function savedInBrowser<S>(owner: string): Saver<S> {
  const waiting = new Map<string, Saved<S>>()
  let timer: ReturnType<typeof setTimeout> | null = null
  const write = () => {
    timer = null
    for (const [inbox, saved] of waiting) {
      const kept: Kept<S> = { ...saved, build: __BUILD__ }
      void stored('inbox', 'readwrite', (store) => store.put(kept, `${owner} ${inbox}`))
    }
    waiting.clear()
  }
  addEventListener('pagehide', write)
  return {
    async load(inbox) {
      const kept = await stored<Kept<S> | undefined>('inbox', 'readonly', (store) => store.get(`${owner} ${inbox}`))
      return kept && kept.build === __BUILD__ ? { cursor: kept.cursor, state: kept.state } : null
    },
    save(inbox, saved) {
      waiting.set(inbox, saved)
      timer ??= setTimeout(write, SAVE_MS)
    },
  }
}

/** Nobody after us reads what was here. What has not been sent yet stays: it is its writer's alone. */
export async function forgetAll(): Promise<void> {
  await stored('inbox', 'readwrite', (store) => store.clear())
}
