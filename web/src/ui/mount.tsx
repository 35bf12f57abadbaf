import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import i18next from 'i18next'
import { type ComponentType, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Account } from '../generated/http'
import { ApiError } from '../kernel/api'
import { type Lang, type MoreWords, speakIn, startLanguage } from '../kernel/i18n'
import { draftsOf } from '../kernel/drafts'
import { currentAccount, lastAccount, placeOf, SECURITY, toLogin } from '../kernel/session'
import type { Density } from '../kernel/tokens'
import './base.css'
import { Styled } from './Styled'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (tries, error) => !(error instanceof ApiError && error.status < 500) && tries < 5,
      retryDelay: (tries) => Math.min(8_000, 400 * 2 ** tries) * (0.75 + Math.random() / 2),
      staleTime: 2_000,
      networkMode: 'always',
    },
  },
})

interface PageProps {
  density: Density
  account: Account
  Screen: ComponentType<{ account: Account }>
}

function Page({ density, account, Screen }: PageProps) {
  return (
    <Styled density={density}>
      <QueryClientProvider client={queries}>
        <Screen account={account} />
      </QueryClientProvider>
    </Styled>
  )
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Nobody answers yet: say so instead of an empty page. */
function waiting(): void {
  const root = document.getElementById('root') as HTMLElement
  root.textContent = speakIn(i18next.language as Lang)('link/down')
  root.setAttribute('role', 'status')
}

async function accountAtLast(offline: boolean): Promise<Account | null> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await currentAccount()
    } catch {
      const last = offline ? lastAccount() : null
      if (last) return last
      waiting()
      await pause(Math.min(8_000, 500 * 2 ** tries))
    }
  }
}

/** Who a screen is for, and the words that only it needs. */
interface For {
  roles: readonly string[]
  words?: MoreWords
  /** Of use without network too: a reload goes on with whoever this tab belonged to. */
  offline?: boolean
}

/** Shows the screen to those it is for, and takes everybody else to theirs. */
export async function mount({ roles, words, offline = false }: For, density: Density, Screen: PageProps['Screen']): Promise<void> {
  await startLanguage(words)
  const account = await accountAtLast(offline)
  if (!account) return toLogin(null)
  if (!roles.includes(account.role) || (account.must && location.pathname !== SECURITY)) return location.assign(placeOf(account))
  draftsOf(account.id)
  const place = document.getElementById('root') as HTMLElement
  place.textContent = ''
  place.removeAttribute('role')
  const root = createRoot(place)
  root.render(
    <StrictMode>
      <Page density={density} account={account} Screen={Screen} />
    </StrictMode>,
  )
}
