import { useEffect, useSyncExternalStore } from 'react'
import { usePreferences } from './preferences'
import { type Density, type Mode, PALETTES, SIZES, TEXT_STEPS, variables } from './tokens'

const dark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)')

function subscribe(listener: () => void): () => void {
  dark?.addEventListener('change', listener)
  return () => dark?.removeEventListener('change', listener)
}

export function usePalette(): Mode {
  const system = useSyncExternalStore(subscribe, () => dark?.matches ?? false)
  const { theme = 'auto' } = usePreferences()
  if (theme === 'auto') return system ? 'night' : 'day'
  return theme
}

/** Whether dark or light: what is made for the sun is light. */
export function useMode(): 'day' | 'night' {
  return usePalette() === 'night' ? 'night' : 'day'
}

/** Puts the tokens on the page; the text size is the size of one rem. */
export function useTokens(density: Density): Mode {
  const mode = usePalette()
  const { text = 'normal' } = usePreferences()
  useEffect(() => {
    const root = document.documentElement
    for (const [name, value] of Object.entries(variables(mode, density))) root.style.setProperty(name, value)
    root.style.fontSize = `${(SIZES[density].text * TEXT_STEPS[text] * 100) / 16}%`
    root.style.colorScheme = mode === 'night' ? 'dark' : 'light'
    root.dataset['mode'] = mode
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', PALETTES[mode].paper)
  }, [mode, density, text])
  return mode
}
