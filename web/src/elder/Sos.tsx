import { type MouseEvent, useEffect, useRef, useState } from 'react'
import { useWords } from './words'

const HOLD_MS = 1_500
const SECOND_TAP_MS = 4_000

/** Hold for a second and a half, or tap twice: a pocket does neither by chance. Keys tap like fingers. */
export function Sos({ begin }: { begin: () => void }) {
  const { say } = useWords()
  const [armed, setArmed] = useState<'no' | 'holding' | 'tapped'>('no')
  const holding = useRef<ReturnType<typeof setTimeout> | null>(null)
  const held = useRef(false)
  const tapped = useRef<ReturnType<typeof setTimeout> | null>(null)

  const release = () => {
    if (holding.current) clearTimeout(holding.current)
    holding.current = null
    setArmed((now) => (now === 'holding' ? 'no' : now))
  }
  useEffect(() => () => {
    if (holding.current) clearTimeout(holding.current)
    if (tapped.current) clearTimeout(tapped.current)
  }, [])

  const down = () => {
    held.current = false
    if (armed === 'no') setArmed('holding')
    holding.current = setTimeout(() => {
      held.current = true
      navigator.vibrate?.(80)
      begin()
    }, HOLD_MS)
  }
  const tap = () => {
    release()
    if (held.current) return
    if (armed === 'tapped') {
      begin()
      return
    }
    navigator.vibrate?.(40)
    setArmed('tapped')
    tapped.current = setTimeout(() => setArmed('no'), SECOND_TAP_MS)
  }
  const hint = say(armed === 'tapped' ? 'sosAgain' : armed === 'holding' ? 'sosHold' : 'sosHint')
  return (
    <div className="sosbox">
      <button
        type="button" className="sos" data-armed={armed} aria-describedby="soshint"
        onPointerDown={down} onPointerUp={release} onPointerLeave={release} onPointerCancel={release} onClick={tap}
        onContextMenu={(event: MouseEvent) => event.preventDefault()}
      >
        <span className="shape" aria-hidden="true">SOS</span>
        <span>{say('sos')}</span>
      </button>
      <p id="soshint" role="status">{hint}</p>
    </div>
  )
}
