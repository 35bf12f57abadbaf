import { StrictMode, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import '../ui/base.css'
import './elder.css'
import { useHotline } from './api'
import { Elder } from './Elder'
import { Frame, Way } from './Frame'
import { useLarge } from './look'
import { Pair } from './Pair'
import { phone } from './phone'
import { useWords } from './words'

/** A code that a link brought, taken out of the address at once. */
function broughtCode(): string {
  const code = /^#pair=(\d{8})$/.exec(location.hash)?.[1] ?? ''
  if (code) history.replaceState(null, '', location.pathname)
  return code
}

function App() {
  useLarge()
  const { lang } = useWords()
  const [code, setCode] = useState(broughtCode)
  const [paired, setPaired] = useState(() => phone() !== null)
  const done = () => {
    setCode('')
    setPaired(true)
  }
  useEffect(() => {
    document.documentElement.lang = lang
  }, [lang])
  return paired && !code ? <Elder /> : <Arriving code={code} done={done} />
}

/** Nobody's telephone yet: an elder's, by a code, or somebody of her family. */
function Arriving({ code, done }: { code: string; done: () => void }) {
  const { say } = useWords()
  const hotline = useHotline().data?.hotline ?? '120'
  const [who, setWho] = useState<'elder' | null>(code ? 'elder' : null)
  const go = (spot: string) => setWho(spot === 'home' ? null : 'elder')
  return (
    <Way value={{ go, hotline }}>
      {who === 'elder' ? (
        <Pair given={code} done={done} />
      ) : (
        <Frame spot="home" heading={say('welcome')}>
          <div className="tiles">
            <button type="button" className="tile" onClick={() => setWho('elder')}>{say('forElder')}</button>
            <a className="tile" href="/family">{say('forFamily')}</a>
          </div>
        </Frame>
      )}
    </Way>
  )
}

history.scrollRestoration = 'manual' // back at home the call for help is in sight
createRoot(document.getElementById('root') as HTMLElement).render(<StrictMode><App /></StrictMode>)
