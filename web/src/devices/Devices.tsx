import Button from '@mui/material/Button'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { type ReactNode, useEffect, useState } from 'react'
import type { Account } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useDiscovered, useStrays } from '../things/api'
import { useServerTime } from '../things/clock'
import { candidates } from '../things/proposal'
import { Away } from '../ui/Banners'
import { Bar } from '../ui/Bar'
import { Glyph } from '../ui/Marks'
import { toDesk } from '../ui/tabs'
import { Denials } from './Denials'
import { Device } from './Device'
import { List } from './List'
import { OutageList } from './Outages'
import { type Section, type Spot, useSpot } from './place'
import { Register } from './Register'
import { RollCall } from './RollCall'
import { Sheet } from './Sheet'
import { Unbound } from './Unbound'
import '../ui/parts.css'
import '../ui/board.css'
import '../ui/sheet.css'
import '../things/things.css'
import './sheet.css'
import './roll-call.css'
import './devices.css'

export const REGISTERS = new Set(['installer', 'supervisor', 'admin'])

function Tools({ account, register }: { account: Account; register: () => void }) {
  const speak = useSpeak()
  return (
    <>
      {REGISTERS.has(account.role) && (
        <Button variant="outlined" color="inherit" onClick={register}>
          {speak('things/register')}
        </Button>
      )}
      {account.role === 'installer' ? (
        <Button variant="outlined" color="inherit" href="/install">
          {speak('install/title')}
        </Button>
      ) : (
        <Button variant="outlined" color="inherit" startIcon={<Glyph name="back" />} onClick={toDesk}>
          {speak('things/desk')}
        </Button>
      )}
    </>
  )
}

/** Presses and new things that wait to be bound; read every two seconds, so a press is here before the hand is off. */
export function useCandidates() {
  const strays = useStrays()
  const discovered = useDiscovered()
  return { strays, discovered, list: candidates(strays.items, discovered.items) }
}

function Sections({ spot, go, waiting, installer }: { spot: Spot; go: (spot: Spot) => void; waiting: number; installer: boolean }) {
  const speak = useSpeak()
  const sections: Section[] = installer ? ['list', 'unbound'] : ['list', 'unbound', 'outages', 'denials']
  return (
    <ToggleButtonGroup className="which" exclusive fullWidth value={spot.section} aria-label={speak('things/title')} onChange={(_, next: Section | null) => next && go({ section: next, item: null })}>
      {sections.map((section) => (
        <ToggleButton key={section} value={section}>
          {speak.word('section', section)}
          {section === 'unbound' && waiting > 0 && <span className="badge">{waiting}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

function Empty() {
  const speak = useSpeak()
  return (
    <section className="start">
      <h2>{speak('things/selectTitle')}</h2>
      <p className="quiet">{speak('things/selectHint')}</p>
    </section>
  )
}

export function Devices({ account }: { account: Account }) {
  const speak = useSpeak()
  const [spot, go] = useSpot()
  const [registering, setRegistering] = useState(false)
  const waiting = useCandidates()
  useServerTime()
  const { section, item } = spot
  const pressed = waiting.list.filter(({ press }) => press !== null).length
  const open = (next: string) => go({ section, item: next })
  const back = () => go({ section, item: null })
  const show = (device: string) => go({ section: 'list', item: device })
  useEffect(() => {
    document.title = `${pressed > 0 ? `(${pressed}) ` : ''}${speak('things/title')} · ${speak('app/name')}`
  }, [pressed, speak])
  const lists: Record<Section, ReactNode> = {
    list: <List selected={item} choose={open} />,
    unbound: <Unbound waiting={waiting} selected={item} choose={open} />,
    outages: <OutageList selected={item} choose={open} />,
    denials: <Denials show={show} />,
  }
  const pages: Record<Section, (item: string) => ReactNode> = {
    list: (id) => <Device key={id} id={id} account={account} back={back} />,
    unbound: (key) => <Sheet key={key} wanted={key} waiting={waiting} account={account} back={back} show={show} />,
    outages: (id) => <RollCall key={id} outage={id} back={back} />,
    denials: (id) => <Device key={id} id={id} account={account} back={back} />,
  }
  return (
    <div className="board devices" data-open={item !== null}>
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), document.getElementById('main')?.focus())}>
        {speak('app/skip')}
      </a>
      <Bar title={speak('things/title')} account={account}>
        <Tools account={account} register={() => setRegistering(true)} />
      </Bar>
      <div className="banners">
        <Away />
      </div>
      <section className="side" aria-label={speak('things/title')}>
        <h1 className="visually-hidden">{speak('things/title')}</h1>
        <Sections spot={spot} go={go} waiting={waiting.list.length} installer={account.role === 'installer'} />
        {lists[section]}
      </section>
      <main id="main" tabIndex={-1}>
        {item === null ? <Empty /> : pages[section](item)}
      </main>
      {registering && <Register account={account} close={() => setRegistering(false)} show={show} />}
    </div>
  )
}
