import type { Account, Session } from '../generated/http'
import { ApiError, request } from './api'
import { forgetAll } from './db'
import { forgetDrafts } from './drafts'

const HOMES: Readonly<Record<string, string>> = { responder: '/field', installer: '/install', elder: '/elder', family: '/family' }

export const homeOf = (role: string): string => HOMES[role] ?? '/desk'

/** The account logged in, or null. */
export async function currentAccount(): Promise<Account | null> {
  try {
    return remembered(await request<Account>('/sessions/current'))
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return remembered(null)
    throw error
  }
}

/** What this tab keeps of whoever is logged in begins so, and goes when they do. */
export const ACCOUNT = 'yinling.account'

function remembered(account: Account | null): Account | null {
  try {
    if (account) sessionStorage.setItem(ACCOUNT, JSON.stringify(account))
    else for (const key of Object.keys(sessionStorage)) if (key.startsWith(ACCOUNT)) sessionStorage.removeItem(key)
  } catch {
    // without storage a reload needs the network
  }
  return account
}

/** Who was logged in when this tab last had a network. */
export function lastAccount(): Account | null {
  try {
    return JSON.parse(sessionStorage.getItem(ACCOUNT) ?? 'null') as Account | null
  } catch {
    return null
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

/** Ends the session; ApiError 409 `holding` where a seat must hand over first. */
export async function logout(): Promise<void> {
  await request('/sessions/current', { method: 'DELETE' }).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 409) throw error
  })
  forgetDrafts()
  remembered(null)
  await forgetAll()
  hint(false)
  location.assign('/')
}

/** To the login page, saying why; what the last person saw is forgotten. */
export async function toLogin(why: 'ended' | 'place' | null): Promise<void> {
  if (why === 'ended') await forgetAll()
  remembered(null)
  hint(false)
  location.assign(why ? `/?why=${why}` : '/')
}
