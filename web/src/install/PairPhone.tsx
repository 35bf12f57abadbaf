import Button from '@mui/material/Button'
import { useState } from 'react'
import type { ElderLine, PairingMade } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { elapsed, useSecond } from '../kernel/time'
import { useOrder } from '../things/api'
import { Secret } from '../things/Secret'
import { FindElder } from '../ui/FindElder'
import { useLeft } from '../ui/Times'
import { KinCode } from './KinCode'
import { Problem } from './Steps'

interface Made extends PairingMade {
  elder: ElderLine
}

/** A code for an elder's own telephone: found, shown large, typed over there. */
export function PairPhone({ back }: { back: () => void }) {
  const speak = useSpeak()
  const order = useOrder()
  const [made, setMade] = useState<Made | null>(null)
  const make = async (elder: ElderLine) => {
    const told = await order.send<PairingMade>({ path: `/elders/${encodeURIComponent(elder.id)}/pairing`, body: {} })
    if (told) setMade({ ...told, elder })
  }
  return (
    <section className="step">
      <h1>{speak('install/pairTitle')}</h1>
      {made ? <Shown made={made} again={() => void make(made.elder)} /> : <FindElder choose={(elder) => void make(elder)} />}
      {made && <KinCode key={made.elder.id} elder={made.elder.id} />}
      <Problem order={order} />
      <Button fullWidth variant="outlined" color="inherit" onClick={back}>
        {speak('install/pairBack')}
      </Button>
    </section>
  )
}

function Shown({ made: { elder, code, expires_at }, again }: { made: Made; again: () => void }) {
  const speak = useSpeak()
  const left = useLeft(expires_at)
  useSecond()
  if (left <= 0) {
    return (
      <>
        <p role="status">{speak('install/pairOver')}</p>
        <Button fullWidth variant="contained" className="primary" onClick={again}>
          {speak('install/pairAgain')}
        </Button>
      </>
    )
  }
  return (
    <>
      <p>{speak('install/pairBody', { name: elder.name_masked, page: `${location.origin}/elder` })}</p>
      <p className="digits" role="status" translate="no">
        {code.slice(0, 4)} {code.slice(4)}
      </p>
      <p className="quiet" aria-live="off">
        {speak('install/pairLeft', { time: elapsed(left * 1000) })}
      </p>
      <Secret title={speak('install/pairLink')} text={`${location.origin}/elder#pair=${code}`} hint={speak('install/pairLinkHint')} />
    </>
  )
}
