import type { Account, SecondStep, Session } from '../generated/http'
import { ApiError, request } from './api'
import { forgetAll } from './db'
import { forgetDrafts } from './drafts'

/** Where one sets a password and a second factor, and where accounts are kept. */
export const SECURITY = '/account'

const HOMES: Readonly<Record<string, string>> = {
  responder: '/field', installer: '/install', elder: '/elder', family: '/family',
  office: '/supervise', auditor: SECURITY, security: SECURITY,
}

export const homeOf = (role: string): string => HOMES[role] ?? '/desk'

/** Where somebody goes who has just come in: first to what the login still wants. */
export const placeOf = ({ role, must }: Account): string => (must ? SECURITY : homeOf(role))

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

/** A session, or half of one where a second factor is needed. */
export const login = (username: string, password: string): Promise<Session | SecondStep> =>
  request('/sessions', { method: 'POST', body: { username, password } })

/** Goes on to the page of whoever has come in. */
export function enter({ account }: Session): void {
  hint(true)
  location.assign(placeOf(account))
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
