import { useState } from 'react'
import type { FamilyHome, Parent } from '../../generated/http'
import { request } from '../../kernel/api'
import { Allowed } from './Agree'
import type { Asked } from './api'
import { Fault, Frame, go, Shown, Sure } from './Frame'
import { useSay } from './words'

export function Home({ home, leave }: { home: Asked<FamilyHome>; leave: () => void }) {
  const { say } = useSay()
  const name = home.data?.name ?? ''
  return (
    <Frame home heading={name ? say('hello', { name }) : say('helloNew')}>
      <Shown asked={home}>
        {({ elders }) => (
          <>
            {elders.length === 0 && <p>{say('nobody')}</p>}
            {elders.map((one) => <Card key={one.kin} one={one} />)}
            <button type="button" className={elders.length === 0 ? 'primary' : 'second'} onClick={() => go('add')}>{say('add')}</button>
          </>
        )}
      </Shown>
      <button type="button" className="second" onClick={leave}>{say('logout')}</button>
    </Frame>
  )
}

function Card({ one }: { one: Parent }) {
  const { say } = useSay()
  const may = (what: Parent['may'][number]) => one.may.includes(what)
  return (
    <section className="parent" aria-labelledby={`p-${one.kin}`}>
      <h2 id={`p-${one.kin}`}>{one.name}</h2>
      {one.live.map((incident) => (
        <button key={incident} type="button" className="alarm" onClick={() => go(`call/${incident}`)}>
          <span aria-hidden="true" className="sign">!</span> {say('calling')}
        </button>
      ))}
      {one.live.length === 0 && <p className="calm"><span aria-hidden="true">✓</span> {say('calm')}</p>}
      <nav className="tiles pair" aria-label={one.name}>
        <button type="button" className="tile" onClick={() => go(`calls/${one.elder}`)}>{say('calls')}</button>
        {may('devices') && <button type="button" className="tile" onClick={() => go(`devices/${one.elder}`)}>{say('devices')}</button>}
        {may('orders') && <button type="button" className="tile" onClick={() => go(`orders/${one.elder}`)}>{say('orders')}</button>}
        <button type="button" className="tile" onClick={() => go(`complain/${one.elder}`)}>{say('complain')}</button>
        <button type="button" className="tile" onClick={() => go(`consent/${one.elder}`)}>{say('consent')}</button>
      </nav>
    </section>
  )
}

/** What she may see, and the way out of it. */
export function Agreed({ one, done }: { one: Parent; done: () => void }) {
  const { say, lang } = useSay()
  const [asking, setAsking] = useState(false)
  const [fault, setFault] = useState<unknown>(null)
  const end = async () => {
    try {
      await request(`/kin/${one.kin}`, { method: 'DELETE' })
      done()
      go('')
    } catch (error) {
      setFault(error)
    }
  }
  const since = new Intl.DateTimeFormat(lang, { dateStyle: 'long' }).format(new Date(one.bound_at))
  return (
    <Frame heading={say('agreeHead', { name: one.name })}>
      <Allowed consent={one} />
      <p>{say('since', { time: since })}</p>
      <Fault error={fault} />
      {asking ? (
        <Sure ask={say('leaveSure', { name: one.name })} no={say('leaveNo')} yes={say('leaveYes')} back={() => setAsking(false)} act={() => void end()} />
      ) : (
        <button type="button" className="second" onClick={() => setAsking(true)}>{say('leave')}</button>
      )}
    </Frame>
  )
}
