import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { IncidentRow, IncidentView } from '../generated/http'
import { act, ApiError, request } from '../kernel/api'
import { deskRow } from '../kernel/state/desk'
import { useSettled } from '../kernel/settled'
import { useDesk } from './live'

export type Verb =
  | 'claim' | 'call' | 'confirm' | 'handoff' | 'relocate' | 'escalate' | 'classify' | 'stand-down' | 'close' | 'note'
  | 'offer' | 'order' | 'reassign' | 'act-for' | 'merge' | 'split' | 'reopen' | 'answers' | 'shelve' | 'unshelve'

const GUARDED = new Set<Verb>(['claim', 'classify', 'close', 'merge'])
const TRIES = 4
const SETTLE_MS = 200

export const fetchIncident = (incident: string, signal?: AbortSignal) =>
  request<IncidentView>(`/incidents/${encodeURIComponent(incident)}`, signal ? { signal } : {})

export function useIncident(incident: string, ver: number) {
  const settled = useSettled(ver, SETTLE_MS)
  return useQuery({
    queryKey: ['incident', incident, settled],
    queryFn: ({ signal }) => fetchIncident(incident, signal),
    placeholderData: (before) => (before?.row.incident === incident ? before : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

const passed = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 412

/** Whether what the person decided on still stands, though people were asked or answered meanwhile. */
export function sameCase(before: IncidentRow, now: IncidentRow): boolean {
  return before.state === now.state && before.priority === now.priority && before.holder_account === now.holder_account
}

async function guarded(row: IncidentRow, verb: Verb, body: unknown, waiting: (n: number) => void): Promise<IncidentView> {
  let ver = row.ver
  for (let tries = 1; ; tries += 1) {
    try {
      return await act<IncidentView>(pathOf(row, verb), { body, ifMatch: ver }, { waiting })
    } catch (error) {
      if (!passed(error) || tries >= TRIES) throw error
      const now = (await fetchIncident(row.incident)).row
      if (!sameCase(row, now)) throw error
      ver = now.ver
    }
  }
}

/** What is said on the telephone is said about the job; everything else about the incident. */
const pathOf = (row: IncidentRow, verb: Verb) =>
  verb === 'act-for' ? `/jobs/${row.job ?? ''}/act-for` : `/incidents/${encodeURIComponent(row.incident)}/${verb}`

/** Whether an answer is this incident's page: a merge answers with the one that stays, a split with the new one. */
const isAbout = (answer: Partial<IncidentView>, row: IncidentRow): answer is IncidentView => answer.row?.incident === row.incident

export function useCommand(row: IncidentRow) {
  const { live } = useDesk()
  const queries = useQueryClient()
  const [busy, setBusy] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  const [problem, setProblem] = useState<unknown>(null)

  const send = useCallback(
    async (verb: Verb, body: unknown = {}, name: string = verb): Promise<boolean> => {
      setBusy(name)
      setProblem(null)
      try {
        const view = GUARDED.has(verb)
          ? await guarded(row, verb, body, setTries)
          : await act<IncidentView>(pathOf(row, verb), { body }, { waiting: setTries })
        if (isAbout(view, row)) {
          queries.setQueriesData({ queryKey: ['incident', row.incident] }, view)
          live.store.everywhere((state) => deskRow(state, view.row))
        } else await queries.invalidateQueries({ queryKey: ['incident', row.incident] })
        return true
      } catch (error) {
        setProblem(error)
        if (error instanceof ApiError) void queries.invalidateQueries({ queryKey: ['incident', row.incident] })
        return false
      } finally {
        setBusy(null)
        setTries(0)
      }
    },
    [row, live, queries],
  )
  return { busy, tries, problem, send, clear: () => setProblem(null) }
}

export type Command = ReturnType<typeof useCommand>
