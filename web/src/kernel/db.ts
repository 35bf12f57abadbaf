import type { Saved, Saver } from './state/store'

const NAME = 'yinling'
const STORE = 'inbox'
const SAVE_MS = 250

interface Kept<S> extends Saved<S> {
  build: string
}

let opening: Promise<IDBDatabase | null> | null = null

function open(): Promise<IDBDatabase | null> {
  opening ??= new Promise((done) => {
    try {
      const request = indexedDB.open(NAME, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(STORE)
      request.onsuccess = () => done(request.result)
      request.onerror = () => done(null)
      request.onblocked = () => done(null)
    } catch {
      done(null)
    }
  })
  return opening
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  const database = await open()
  if (!database) return null
  return new Promise((done) => {
    try {
      const request = work(database.transaction(STORE, mode).objectStore(STORE))
      request.onsuccess = () => done(request.result)
      request.onerror = () => done(null)
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
      void run('readwrite', (store) => store.put(kept, `${owner} ${inbox}`))
    }
    waiting.clear()
  }
  addEventListener('pagehide', write)
  return {
    async load(inbox) {
      const kept = await run<Kept<S> | undefined>('readonly', (store) => store.get(`${owner} ${inbox}`))
      return kept && kept.build === __BUILD__ ? { cursor: kept.cursor, state: kept.state } : null
    },
    save(inbox, saved) {
      waiting.set(inbox, saved)
      timer ??= setTimeout(write, SAVE_MS)
    },
  }
}

/** Nobody after us reads what was here. */
export async function forgetAll(): Promise<void> {
  await run('readwrite', (store) => store.clear())
}
