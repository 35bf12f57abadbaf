import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react'
import { request } from '../kernel/api'
import { KNOWN, useHome, useHotline } from './api'
import { Caller } from './call'
import { CallPage } from './Calling'
import { Frame, type Spot, Trouble, useWay, Way } from './Frame'
import { forget } from './kept'
import { Day, Family, Help } from './Pages'
import { Pair } from './Pair'
import { phone, unpair } from './phone'
import { place } from './place'
import { Settings } from './Settings'
import { Sos } from './Sos'
import { useWords } from './words'

const Ordering = lazy(() => import('./Ordering'))
const Kin = lazy(() => import('./family/Kin'))

let number = ''

/** Opens the telephone's own dialler. */
function dial(): void {
  const link = document.createElement('a')
  link.href = `tel:${number}`
  document.body.append(link)
  link.click()
  link.remove()
}

const caller = new Caller({ phone, place, dial })

const SPOTS: readonly string[] = ['family', 'order', 'day', 'help', 'settings', 'pair', 'kin']

/** The page is in the address, so that the telephone's own back key works. */
function useSpot(): [Spot, (spot: Spot) => void] {
  const read = (): Spot => {
    const name = location.hash.replace(/^#\/?/, '')
    return (SPOTS.includes(name) ? name : 'home') as Spot
  }
  const [spot, setSpot] = useState(read)
  useEffect(() => {
    const moved = () => setSpot(read())
    addEventListener('hashchange', moved)
    return () => removeEventListener('hashchange', moved)
  }, [])
  return [spot, (next) => { location.hash = `/${next}` }]
}

/** An elder's page, once her telephone is paired. */
export function Elder() {
  const call = useSyncExternalStore(caller.subscribe, caller.now)
  const [spot, go] = useSpot()
  const home = useHome()
  const open = useHotline()
  number = home.data?.hotline ?? open.data?.hotline ?? '120'
  useEffect(caller.resume, [])
  const leave = () => {
    unpair()
    for (const name of KNOWN) forget(name)
    void request('/sessions/current', { method: 'DELETE' }).catch(() => undefined).then(() => location.replace('/elder'))
  }
  return (
    <Way value={{ go, hotline: number }}>
      {call.at !== 'idle' ? <CallPage call={call} caller={caller} /> : <Page spot={spot} home={home} leave={leave} />}
    </Way>
  )
}

function Page({ spot, home, leave }: { spot: Spot; home: ReturnType<typeof useHome>; leave: () => void }) {
  const { go } = useWay()
  const back = () => {
    home.again()
    go('home')
  }
  switch (spot) {
    case 'family': return <Family home={home} />
    case 'order': return <Suspense fallback={null}><Ordering /></Suspense>
    case 'day': return <Day />
    case 'help': return <Help />
    case 'kin': return <Suspense fallback={null}><Kin /></Suspense>
    case 'settings': return <Settings leave={leave} />
    case 'pair': return <Pair given="" done={back} />
    case 'home': return <Home home={home} />
  }
}

function Home({ home }: { home: ReturnType<typeof useHome> }) {
  const { say } = useWords()
  const { go } = useWay()
  const online = useSyncExternalStore(onLine, () => navigator.onLine)
  const name = home.data?.name ?? phone()?.name ?? ''
  return (
    <Frame spot="home" heading={say('hello', { name })}>
      <Sos begin={caller.begin} />
      <nav className="tiles">
        {(['family', 'order', 'day'] as const).map((tile) => (
          <button key={tile} type="button" className="tile" onClick={() => go(tile)}>{say(tile)}</button>
        ))}
      </nav>
      {!online && <p className="band" role="status">{say('offline')}</p>}
      {home.state === 'unpaired' && <Trouble words={say('unpaired')} action={say('pairNow')} act={() => go('pair')} />}
    </Frame>
  )
}

function onLine(listener: () => void): () => void {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}
