import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { LoadReport, Shelf } from '../../generated/http'
import { request } from '../../kernel/api'

const EVERY_MS = 10_000

/** Below the root of duty, so that a letter about seats or floods has it read again at once. */
export const useLoad = (hours: number) =>
  useQuery({
    queryKey: ['watch', 'load', hours],
    queryFn: ({ signal }) => request<LoadReport>(`/seats/load?hours=${hours}`, { signal }),
    refetchInterval: EVERY_MS,
  })

export const useShelf = (count: number) =>
  useQuery({ queryKey: ['watch', 'shelf', count], queryFn: ({ signal }) => request<Shelf>('/seats/shelf', { signal }), enabled: count > 0 })

/** What a flood means for the list: whether one is on here, and to which seat each waiting incident is dealt. */
export interface Flood {
  on: boolean
  shares: Readonly<Record<string, string>>
  names: Readonly<Record<string, string>>
}

export const CALM: Flood = { on: false, shares: {}, names: {} }

export function floodOf(report: LoadReport | undefined, account: string): Flood {
  const mine = report?.seats.find((seat) => seat.account === account)
  const on = report?.desks.some(({ division, flood_since }) => flood_since !== null && division === mine?.division) ?? false
  if (!report || !on) return CALM
  return { on, shares: report.shares, names: Object.fromEntries(report.seats.map(({ account: id, name }) => [id, name])) }
}

export const FloodContext = createContext<Flood>(CALM)
export const useFlood = (): Flood => useContext(FloodContext)
