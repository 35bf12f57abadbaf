import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { act, newKey } from './api'

interface Sent {
  path: string
  body?: unknown
  /** In place of a body. */
  blob?: Blob
  method?: 'POST' | 'PUT' | 'DELETE'
}

/** Sends one command at a time, says what the server had against it, and has everything under `root` read again. */
export function useOrderOf(root: string) {
  const queries = useQueryClient()
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const send = useCallback(
    async <T>({ path, body = {}, blob, method = 'POST' }: Sent): Promise<T | null> => {
      setBusy(path)
      setProblem(null)
      try {
        return await act<T>(path, { method, key: newKey(), ...(blob ? { blob } : method === 'DELETE' ? {} : { body }) })
      } catch (error) {
        setProblem(error)
        return null
      } finally {
        setBusy(null)
        void queries.invalidateQueries({ queryKey: [root] })
      }
    },
    [queries, root],
  )
  return { busy, problem, send, clear: () => setProblem(null) }
}

export type Order = ReturnType<typeof useOrderOf>
