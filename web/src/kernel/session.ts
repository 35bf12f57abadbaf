import type { Account, Session } from '../generated/http'
import { ApiError, request } from './api'
import { forgetAll } from './db'

const HOMES: Readonly<Record<string, string>> = { responder: '/field', installer: '/install' }

export const homeOf = (role: string): string => HOMES[role] ?? '/desk'

/** The account logged in, or null. */
export async function currentAccount(): Promise<Account | null> {
  try {
    return await request<Account>('/sessions/current')
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null
    throw error
  }
}

const HINT = 'yinling.session'

/** Whether somebody logged in here before; saves asking the server in vain. */
export function perhapsLoggedIn(): boolean {
  try {
    return localStorage.getItem(HINT) !== null
  } catch {
    return true
  }
}

function hint(on: boolean): void {
  try {
    if (on) localStorage.setItem(HINT, '1')
    else localStorage.removeItem(HINT)
  } catch {
    // without storage we simply ask
  }
}

export async function login(username: string, password: string): Promise<Session> {
  const session = await request<Session>('/sessions', { method: 'POST', body: { username, password } })
  hint(true)
  return session
}

export async function logout(): Promise<void> {
  await request('/sessions/current', { method: 'DELETE' }).catch(() => undefined)
  await forgetAll()
  hint(false)
  location.assign('/')
}

/** To the login page, saying why; what the last person saw is forgotten. */
export async function toLogin(why: 'ended' | 'place' | null): Promise<void> {
  if (why === 'ended') await forgetAll()
  hint(false)
  location.assign(why ? `/?why=${why}` : '/')
}
