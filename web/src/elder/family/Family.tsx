import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Account, FamilyHome } from '../../generated/http'
import { request } from '../../kernel/api'
import { forgetAll } from '../../kernel/db'
import { Live, useLink, useStarted } from '../../kernel/live'
import { Agree } from './Agree'
import { type Asked, useAsked } from './api'
import { Call, Calls } from './Calls'
import { Devices } from './Devices'
import { Frame, go } from './Frame'
import { Help } from './Help'
import { Agreed, Home } from './Home'
import { Complain } from './Opinions'
import { Order } from './Order'
import { Orders, Visit } from './Orders'
import { useSay } from './words'

/** The page is in the address, so that the telephone's own back key works. */
function useSpot(): string[] {
  const hash = useSyncExternalStore(
    (listener) => {
      addEventListener('hashchange', listener)
      return () => removeEventListener('hashchange', listener)
    },
    () => location.hash,
  )
  return hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent)
}

const leave = () => {
  void request('/sessions/current', { method: 'DELETE' })
    .catch(() => undefined)
    .then(forgetAll)
    .then(() => location.replace('/family'))
}

/** Everything is asked anew whenever the stream says that something has changed: nothing private lies in it. */
export function Family({ account }: { account: Account }) {
  const { say } = useSay()
  const live = useMemo(() => new Live<number>('family', account, 0, (n) => n + 1), [account])
  useStarted(live)
  const held = useSyncExternalStore(live.store.subscribe, live.store.read)
  const { link, ending } = useLink(live)
  const [own, setOwn] = useState(0)
  const done = () => setOwn((n) => n + 1)
  const news = [...held.values()].reduce((sum, one) => sum + one.state, own)
  const home = useAsked<FamilyHome>('/family', news)
  useEffect(() => {
    if (ending === 'login') location.replace('/family')
  }, [ending])
  return (
    <>
      <Spot home={home} news={news} done={done} />
      {link === 'down' && <p className="band line" role="status">{say('away')}</p>}
    </>
  )
}

function Spot({ home, news, done }: { home: Asked<FamilyHome>; news: number; done: () => void }) {
  const { say } = useSay()
  const [spot, one = '', two] = useSpot()
  switch (spot) {
    case 'add': return <Agree name={home.data?.name ?? ''} done={done} />
    case 'call': return <Call incident={one} news={news} done={done} />
    case 'calls': return <Calls elder={one} news={news} />
    case 'devices': return <Devices elder={one} news={news} />
    case 'orders': return <Orders elder={one} news={news} />
    case 'order': return <Order elder={one} news={news} />
    case 'visit': return <Visit order={one} news={news} done={done} />
    case 'complain': return <Complain elder={one} about={two ?? null} news={news} />
    case 'help': return <Help />
    case 'consent': {
      const found = home.data?.elders.find((parent) => parent.elder === one)
      if (found) return <Agreed one={found} done={done} />
      return <Frame heading={say('consent')}><p role="status">{say('gone')}</p><button type="button" className="primary" onClick={() => go('')}>{say('home')}</button></Frame>
    }
    default: return <Home home={home} leave={leave} />
  }
}
