import { useEffect, useSyncExternalStore } from 'react'
import { useMode } from '../kernel/look'
import { PALETTES, variables } from '../kernel/tokens'
import { keep, kept } from './kept'

export const STEPS = [18, 22, 26, 30, 36] as const
export type Step = (typeof STEPS)[number]

export interface Look {
  step: Step
  /** 长辈版: large letters and controls on every page; off, the smallest step and ordinary controls. */
  large: boolean
  contrast: boolean
  voice: boolean
  place: boolean
}

const KEY = 'yinling.elder.look'
const USUAL: Look = { step: 22, large: true, contrast: false, voice: true, place: false }
const listeners = new Set<() => void>()
let current: Look | null = null

export function look(): Look {
  current ??= { ...USUAL, ...kept<Partial<Look>>(KEY) }
  return current
}

export function choose(change: Partial<Look>): void {
  current = { ...look(), ...change }
  keep(KEY, current)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useLook = (): Look => useSyncExternalStore(subscribe, look)

// Black and white, and nothing between: every pair is above 15:1.
const PLAIN = {
  day: { '--paper': '#ffffff', '--sheet': '#ffffff', '--sunk': '#ffffff', '--ink': '#000000', '--ink2': '#000000', '--line': '#000000', '--edge': '#000000', '--act': '#000000', '--onAct': '#ffffff' },
  night: { '--paper': '#000000', '--sheet': '#000000', '--sunk': '#000000', '--ink': '#ffffff', '--ink2': '#ffffff', '--line': '#ffffff', '--edge': '#ffffff', '--act': '#ffffff', '--onAct': '#000000' },
}

/** Puts sizes and colours on the page; one rem is the chosen step. */
export function useLarge(): void {
  const mode = useMode()
  const { step, large, contrast } = useLook()
  useEffect(() => {
    const root = document.documentElement
    const all = { ...variables(mode, 'field'), '--control': large ? '60px' : '48px', '--primary': large ? '72px' : '60px', ...(contrast ? PLAIN[mode] : {}) }
    for (const [name, value] of Object.entries(all)) root.style.setProperty(name, value)
    root.style.fontSize = `${((large ? step : STEPS[0]) / 16) * 100}%`
    root.style.colorScheme = mode === 'night' ? 'dark' : 'light'
    root.dataset['mode'] = mode
    root.dataset['step'] = String(large ? step : STEPS[0])
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', PALETTES[mode].paper)
  }, [mode, step, large, contrast])
}
