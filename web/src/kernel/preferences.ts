import { useSyncExternalStore } from 'react'

export interface Preferences {
  lang?: 'zh-CN' | 'en'
  theme?: 'day' | 'night' | 'sun' | 'auto'
  text?: 'normal' | 'large' | 'larger'
}

const KEY = 'yinling.preferences'
const listeners = new Set<() => void>()
let current: Preferences | null = null

export function preferences(): Preferences {
  current ??= read()
  return current
}

function read(): Preferences {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Preferences
  } catch {
    return {}
  }
}

export function prefer(change: Preferences): void {
  current = { ...preferences(), ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(current))
  } catch {
    // a browser without storage forgets at reload
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePreferences = (): Preferences => useSyncExternalStore(subscribe, preferences)
