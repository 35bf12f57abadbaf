import { useState } from 'react'
import { ApiError } from '../../kernel/api'
import { logout } from '../../kernel/session'
import { useDuty } from '../../watch/api'
import { HandOver } from '../../watch/HandOver'

const holding = (error: unknown): boolean => error instanceof ApiError && error.problem.code === 'holding'

/** Logs out; who still holds incidents and is on duty is taken to the hand-over instead. */
export function useLeaving() {
  const { data: board } = useDuty()
  const [handing, setHanding] = useState(false)
  const leave = () =>
    logout().catch((error: unknown) => {
      if (!holding(error) || !board?.mine) throw error
      setHanding(true)
    })
  const form = handing && board ? <HandOver board={board} close={() => setHanding(false)} /> : null
  return { leave, form }
}
