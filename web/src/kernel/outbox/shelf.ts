import { stored } from '../db'
import type { Queued, Shelf } from './types'

/** In the browser's own database, blobs and all. */
export const shelf: Shelf = {
  async load(owner) {
    const all = (await stored<Queued[]>('outbox', 'readonly', (store) => store.getAll())) ?? []
    return all.filter((item) => item.owner === owner)
  },
  put: async (item) => (await stored('outbox', 'readwrite', (store) => store.put(item, item.key))) !== null,
  async remove(key) {
    await stored('outbox', 'readwrite', (store) => store.delete(key))
  },
}
