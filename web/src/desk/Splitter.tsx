import { type KeyboardEvent, type PointerEvent } from 'react'
import { LIMITS, type Pane, type Panes } from './panes'

const STEP = 1
const remPx = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)

interface SplitterProps {
  pane: Pane
  panes: Panes
  label: string
}

/** Between two panes: drawn with the pointer, or moved with the arrow keys, Home and End. */
export function Splitter({ pane, panes, label }: SplitterProps) {
  const [least, most] = LIMITS[pane]
  const width = panes[pane]
  // The map lies to the right of its line, so it grows to the left.
  const way = pane === 'map' ? -1 : 1
  const keys: Record<string, number> = { ArrowLeft: width - way * STEP, ArrowRight: width + way * STEP, Home: least, End: most }
  const press = (event: KeyboardEvent) => {
    const next = keys[event.key]
    if (next === undefined) return
    event.preventDefault()
    panes.resize(pane, next)
  }
  const grasp = (event: PointerEvent<HTMLElement>) => {
    const { currentTarget: line, clientX: from, pointerId } = event
    const move = ({ clientX }: globalThis.PointerEvent) => panes.resize(pane, width + (way * (clientX - from)) / remPx())
    line.setPointerCapture(pointerId)
    line.addEventListener('pointermove', move)
    line.addEventListener('lostpointercapture', () => line.removeEventListener('pointermove', move), { once: true })
  }
  return (
    <div
      className="splitter"
      data-pane={pane}
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={Math.round(width)}
      onKeyDown={press}
      onPointerDown={grasp}
    />
  )
}
