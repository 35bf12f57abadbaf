import Button from '@mui/material/Button'
import { lazy, Suspense, useEffect } from 'react'
import type { Account } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { homeOf, logout, SECURITY } from '../kernel/session'
import { spotsOf } from '../kernel/spot'
import { Away } from '../ui/Banners'
import { BellMark } from '../ui/Marks'
import { Settings } from '../ui/Settings'
import { useOwn } from './api'
import { Factors } from './Factors'
import { Password } from './Password'
import { Places } from './Places'
import '../ui/parts.css'
import '../ui/board.css'
import './account.css'

const SPOTS = spotsOf<'staff' | 'own'>(['staff', 'own'])
const Staff = lazy(() => import('./Staff').then(({ Staff: Screen }) => ({ default: Screen })))

function Own({ account }: { account: Account }) {
  const speak = useSpeak()
  const { data: own, error } = useOwn()
  if (error) return <p role="alert">{speak.problem(error)}</p>
  if (!own) return <p role="status">{speak('common/loading')}</p>
  const home = homeOf(account.role)
  return (
    <>
      {own.must && (
        <p className="must" role="status">
          {speak(own.must === 'password' ? 'account/mustPassword' : 'account/mustFactor')}
        </p>
      )}
      {account.must && !own.must && (
        <p className="must" role="status">
          {speak('account/done')}{' '}
          <Button variant="contained" href={home}>
            {speak('account/home')}
          </Button>
        </p>
      )}
      <Password own={own} />
      {own.must !== 'password' && <Factors own={own} />}
      <Places />
    </>
  )
}

export function AccountPage({ account }: { account: Account }) {
  const speak = useSpeak()
  const [{ section }, go] = SPOTS.use()
  const keeps = account.role === 'security' && !account.must
  const staff = keeps && section === 'staff'
  useEffect(() => {
    document.title = `${speak(staff ? 'account/staff' : 'account/title')} · ${speak('app/name')}`
  }, [speak, staff])
  return (
    <div className="account">
      <header className="bar">
        <BellMark size={34} />
        <div className="who">
          <strong className="name">{speak('account/title')}</strong>
          <span className="quiet">
            {account.name} · {speak.word('accountRole', account.role)}
          </span>
        </div>
        <div className="tools">
          {keeps && (
            <Button variant="outlined" color="inherit" onClick={() => go({ section: staff ? 'own' : 'staff', item: null })}>
              {speak(staff ? 'account/own' : 'account/staff')}
            </Button>
          )}
          {account.role === 'auditor' && !account.must && (
            <Button variant="outlined" color="inherit" href="/supervise#reads">
              {speak('account/reads')}
            </Button>
          )}
          {homeOf(account.role) !== SECURITY && !account.must && (
            <Button variant="outlined" color="inherit" href={homeOf(account.role)}>
              {speak('account/home')}
            </Button>
          )}
          <Settings account={account} leave={logout} />
        </div>
      </header>
      <Away />
      <main id="main">
        <h1>{speak(staff ? 'account/staff' : 'account/own')}</h1>
        <Suspense fallback={<p role="status">{speak('common/loading')}</p>}>{staff ? <Staff /> : <Own account={account} />}</Suspense>
      </main>
    </div>
  )
}
