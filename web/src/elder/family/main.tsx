import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import '../../ui/base.css'
import '../elder.css'
import './family.css'
import type { Account } from '../../generated/http'
import { currentAccount, homeOf } from '../../kernel/session'
import { useLarge } from '../look'
import { Family } from './Family'
import { Frame, Trouble } from './Frame'
import { Login } from './Login'
import { useSay } from './words'

type Who = Account | 'nobody' | 'asking' | 'away'

function App() {
  useLarge()
  const { say, lang } = useSay()
  const [who, setWho] = useState<Who>('asking')
  const ask = () => {
    setWho('asking')
    currentAccount().then((account) => setWho(account ?? 'nobody'), () => setWho('away'))
  }
  useEffect(ask, [])
  useEffect(() => {
    document.documentElement.lang = lang
  }, [lang])
  if (who === 'nobody') return <Login done={setWho} />
  if (who === 'asking' || who === 'away') {
    return (
      <Frame home heading={say('title')}>
        {who === 'asking' ? <p role="status">{say('loading')}</p> : <Trouble words={say('away')} action={say('again')} act={ask} />}
      </Frame>
    )
  }
  if (who.role !== 'family') {
    location.replace(homeOf(who.role))
    return null
  }
  return <Family account={who} />
}

createRoot(document.getElementById('root') as HTMLElement).render(<StrictMode><App /></StrictMode>)
