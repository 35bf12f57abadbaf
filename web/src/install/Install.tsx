import Button from '@mui/material/Button'
import { useEffect, useState } from 'react'
import type { Account } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { logout } from '../kernel/session'
import { useServerTime } from '../things/clock'
import { BellMark } from '../ui/Marks'
import { Settings } from '../ui/Settings'
import { type Claiming, Find } from './Find'
import { PairPhone } from './PairPhone'
import { Press } from './Press'
import { readSpot, type Spot, spotHash, type Step, STEPS } from './spot'
import { Claimed, Over, Placing, Sure, Testing } from './Steps'
import '../ui/parts.css'
import '../things/things.css'
import './install.css'

function Progress({ step }: { step: Step }) {
  const speak = useSpeak()
  const at = STEPS.findIndex((one) => one === step)
  if (at < 0) return null
  return (
    <ol className="progress" aria-label={speak('install/steps', { n: at + 1, step: speak(`install/step/${STEPS[at] ?? 'find'}`) })}>
      {STEPS.map((one, k) => (
        <li key={one} data-done={k < at} aria-current={k === at ? 'step' : undefined}>
          {speak(`install/step/${one}`)}
        </li>
      ))}
    </ol>
  )
}

function useSpot(): [Spot, (spot: Spot) => void] {
  const [spot, setSpot] = useState(() => readSpot(location.hash))
  const go = (next: Spot) => {
    history.replaceState(null, '', spotHash(next))
    setSpot(next)
    scrollTo(0, 0)
  }
  return [spot, go]
}

interface Won {
  secret: string | null
}

function Flow({ spot: { id, step }, go }: { spot: Spot; go: (spot: Spot) => void }) {
  const [claim, setClaim] = useState<Claiming | null>(null)
  const [won, setWon] = useState<Won | null>(null)
  const to = (next: Step, device = id) => {
    setClaim(null)
    setWon(null)
    go({ id: device, step: next })
  }
  if (step === 'phone') return <PairPhone back={() => to('find', '')} />
  if (step === 'where') return <Placing id={id} next={() => to('test')} />
  if (step === 'test') return <Testing id={id} next={() => to('sure')} />
  if (step === 'sure') return <Sure id={id} next={() => to('over')} />
  if (step === 'over') return <Over id={id} again={() => to('find', '')} />
  if (claim && won) return <Claimed id={claim.id} secret={won.secret} next={() => to('where', claim.id)} />
  if (claim) return <Press claim={claim} claimed={(secret) => setWon({ secret })} again={() => setClaim(null)} />
  return <Find claiming={setClaim} goOn={(device) => to('where', device)} pair={() => to('phone', '')} />
}

/** One device after another, with one thumb: claim, home, test, address. */
export function Install({ account }: { account: Account }) {
  const speak = useSpeak()
  const [spot, go] = useSpot()
  useServerTime()
  useEffect(() => {
    document.title = `${speak('install/title')} · ${speak('app/name')}`
  }, [speak])
  return (
    <div className="install">
      <header className="bar">
        <BellMark size={34} />
        <div className="who">
          <strong>{speak('install/title')}</strong>
          <span className="quiet">{account.name}</span>
        </div>
        <Button color="inherit" variant="outlined" href="/devices">
          {speak('desk/devices')}
        </Button>
        <Settings account={account} leave={() => void logout()} />
      </header>
      <main>
        <Progress step={spot.step} />
        <Flow spot={spot} go={go} />
      </main>
    </div>
  )
}
