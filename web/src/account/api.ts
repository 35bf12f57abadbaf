import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { OwnSecurity, Sessions } from '../generated/http'
import { newKey, request } from '../kernel/api'
import { usePagesOf } from '../kernel/pages'
import type { AccountLine } from '../generated/http'

const ROOT = 'account'
const EVERY_MS = 30_000

export const useOwn = () => useQuery({ queryKey: [ROOT, 'own'], queryFn: ({ signal }) => request<OwnSecurity>('/me/security', { signal }) })
export const useSessions = () => useQuery({ queryKey: [ROOT, 'sessions'], queryFn: ({ signal }) => request<Sessions>('/sessions', { signal }) })
export const useStaff = (given: Readonly<Record<string, string>>) => usePagesOf<AccountLine>(ROOT, '/accounts', given, EVERY_MS)

type Method = 'POST' | 'PUT' | 'DELETE'

/** One change at a time: what came of it, or null with what was wrong; then everything here is read again. */
export function useChange() {
  const queries = useQueryClient()
  const [busy, setBusy] = useState<string | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const send = async <T>(path: string, body?: unknown, method: Method = 'POST'): Promise<{ answer: T } | null> => {
    setBusy(path)
    setProblem(null)
    try {
      return { answer: await request<T>(path, { method, key: newKey(), ...(body === undefined ? {} : { body }) }) }
    } catch (error) {
      setProblem(error)
      return null
    } finally {
      setBusy(null)
      void queries.invalidateQueries({ queryKey: [ROOT] })
    }
  }
  return { busy, problem, send }
}

export type Change = ReturnType<typeof useChange>
