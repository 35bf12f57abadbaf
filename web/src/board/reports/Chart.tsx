import { useEffect, useRef, useState } from 'react'
import { usePalette } from '../../kernel/look'
import { PALETTES } from '../../kernel/tokens'
import type { Drawing, drawIn } from './charts'

type Props = Omit<Drawing, 'palette'> & { title: string }

/** Bars, drawn once the drawing part has come; the table beside it says the same, so nothing is lost without it. */
export function Chart({ title, ...given }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const [hand, setHand] = useState<ReturnType<typeof drawIn> | null>(null)
  const palette = PALETTES[usePalette()]
  useEffect(() => {
    let [gone, made]: [boolean, ReturnType<typeof drawIn> | null] = [false, null]
    import('./charts')
      .then((charts) => {
        if (gone || !place.current) return
        made = charts.drawIn(place.current)
        setHand(made)
      })
      .catch(() => undefined)
    return () => {
      gone = true
      made?.end()
    }
  }, [])
  const drawn = JSON.stringify([given.names, given.series, given.aim])
  useEffect(() => {
    hand?.draw({ ...given, palette })
    // `words` is new at every render and the same in meaning
  }, [hand, drawn, palette])
  return <div ref={place} className="chart" role="img" aria-label={title} data-drawn={hand !== null} />
}
