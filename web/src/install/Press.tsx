import Button from '@mui/material/Button'
import { useEffect, useRef, useState } from 'react'
import type { ClaimState } from '../generated/http'
import { act, ApiError } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { pathOf } from '../things/api'
import { useLeft } from '../ui/Times'
import type { Claiming } from './Find'

const ASK_MS = 1_500
const WHOLE_S = 60

type Outcome = { kind: 'waiting' } | { kind: 'claimed'; secret: string | null } | { kind: 'failed'; problem: unknown }

const finish = ({ id, claim }: Claiming) => act<ClaimState>(pathOf(id, `/claim/${claim}`), { body: {} }, { until: Date.now() + 5_000 })

/** Asks until the press has come; the network may be away meanwhile, the minute decides. */
function useFinish(claim: Claiming): Outcome {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'waiting' })
  useEffect(() => {
    let over = false
    const again = () => setTimeout(() => void ask(), ASK_MS)
    const ask = async () => {
      if (over) return
      try {
        const { state, secret } = await finish(claim)
        if (over) return
        if (state === 'claimed') setOutcome({ kind: 'claimed', secret: secret ?? null })
        else again()
      } catch (problem) {
        if (over) return
        if (problem instanceof ApiError && problem.status < 500 && problem.status !== 429) setOutcome({ kind: 'failed', problem })
        else again()
      }
    }
    void ask()
    return () => {
      over = true
    }
  }, [claim])
  return outcome
}

function Count({ left }: { left: number }) {
  const speak = useSpeak()
  const round = 2 * Math.PI * 54
  return (
    <div className="count" role="timer" aria-label={speak('install/pressLeft', { n: left })}>
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle cx="60" cy="60" r="54" fill="none" stroke="var(--line)" strokeWidth="8" />
        <circle cx="60" cy="60" r="54" fill="none" stroke="var(--act)" strokeWidth="8" strokeDasharray={round} strokeDashoffset={round * (1 - Math.min(1, left / WHOLE_S))} transform="rotate(-90 60 60)" />
      </svg>
      <span aria-hidden="true">{left}</span>
    </div>
  )
}

interface PressProps {
  claim: Claiming
  claimed: (secret: string | null) => void
  again: () => void
}

/** A minute for one press. */
export function Press({ claim, claimed, again }: PressProps) {
  const speak = useSpeak()
  const left = useLeft(claim.until)
  const outcome = useFinish(claim)
  const told = useRef(claimed)
  told.current = claimed
  useEffect(() => {
    if (outcome.kind === 'claimed') told.current(outcome.secret)
  }, [outcome])
  const over = outcome.kind === 'failed' || (left === 0 && outcome.kind === 'waiting')
  if (over) {
    return (
      <section className="step centred">
        <h1>{speak('install/overTitle')}</h1>
        <p role="alert">{outcome.kind === 'failed' ? speak.problem(outcome.problem) : speak('install/overBody')}</p>
        <Button fullWidth variant="contained" className="primary" onClick={again}>
          {speak('install/again')}
        </Button>
      </section>
    )
  }
  return (
    <section className="step centred">
      <h1>{speak('install/pressTitle')}</h1>
      <Count left={Math.min(WHOLE_S, left)} />
      <p role="status">{speak('install/pressBody', { id: claim.id })}</p>
      <Button fullWidth variant="outlined" color="inherit" onClick={again}>
        {speak('install/stop')}
      </Button>
    </section>
  )
}
