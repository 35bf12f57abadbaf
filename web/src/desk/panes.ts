import { type CSSProperties, useState } from 'react'

/** Widths in rem, so that they grow with the text. */
export interface Widths {
  side: number
  map: number
  mapShown: boolean
}

export const LIMITS = { side: [20, 44], map: [18, 56] } as const
export type Pane = keyof typeof LIMITS

const ROOT = 'yinling.panes.'
const WIDE_PX = 1280

const first = (): Widths => ({ side: 26, map: 24, mapShown: innerWidth >= WIDE_PX })

function read(seat: string): Widths {
  try {
    return { ...first(), ...(JSON.parse(localStorage.getItem(ROOT + seat) ?? '{}') as Partial<Widths>) }
  } catch {
    return first()
  }
}

const within = (pane: Pane, rem: number): number => Math.min(LIMITS[pane][1], Math.max(LIMITS[pane][0], rem))

/** How wide this seat has its panes; kept for its next watch at this computer. */
export function usePanes(seat: string) {
  const [widths, setWidths] = useState(() => read(seat))
  const change = (part: Partial<Widths>) => {
    const next = { ...widths, ...part }
    setWidths(next)
    try {
      localStorage.setItem(ROOT + seat, JSON.stringify(next))
    } catch {
      // without storage the widths last until the next reload
    }
  }
  const style = { '--side': `${widths.side}rem`, '--map': `${widths.map}rem` } as CSSProperties
  return {
    ...widths,
    style,
    resize: (pane: Pane, rem: number) => change({ [pane]: within(pane, rem) }),
    showMap: (mapShown: boolean) => change({ mapShown }),
  }
}

export type Panes = ReturnType<typeof usePanes>

const found = (...selectors: string[]): HTMLElement | null =>
  selectors.map((selector) => document.querySelector<HTMLElement>(selector)).find((place) => place?.checkVisibility()) ?? null

/** The panes in the order of F6, each with where the focus goes; the map may be away. */
const PANES: readonly (readonly [string, () => HTMLElement | null])[] = [
  ['.side', () => found('.queue [data-row]', '.which button')],
  ['#main', () => found('#main')],
  ['.map-side', () => found('.map-side')],
]

/** Puts the focus into the pane after the one that has it. */
export function focusNext(): void {
  const here = PANES.findIndex(([pane]) => document.querySelector(pane)?.contains(document.activeElement))
  const after = [...PANES.slice(here + 1), ...PANES.slice(0, here + 1)]
  after.map(([, place]) => place()).find((place) => place !== null)?.focus()
}

export const focusQueue = (): void => found('.queue [data-row]', '.which button')?.focus()
