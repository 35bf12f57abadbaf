import { useEffect, useRef } from 'react'

export type Keyed = Readonly<Record<string, (() => void) | undefined>>

const BUSY = 'input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=separator]'

const isFree = (event: KeyboardEvent): boolean =>
  !event.defaultPrevented && !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey &&
  !document.querySelector('[role=dialog]') && !(event.target instanceof Element && event.target.closest(BUSY))

/** Keys that act wherever the focus is, except where somebody types, in a dialog, or on what has used the key itself. */
export function useKeys(keyed: Keyed): void {
  const latest = useRef(keyed)
  latest.current = keyed
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key]
      if (!act || event.repeat || !isFree(event)) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

/** Every key with its word under `keys/`, as the list shows them. */
export const KEY_LIST = {
  move: [
    ['F6', 'nextPane'],
    ['Q', 'find'],
    ['↑ ↓', 'up'],
    ['Enter', 'open'],
    ['?', 'help'],
    ['Esc', 'close'],
  ],
  list: [
    ['F', 'freeze'],
    ['S', 'hush'],
    ['T', 'phone'],
  ],
  job: [
    ['C', 'claim'],
    ['B', 'best'],
    ['P', 'people'],
    ['G', 'guide'],
    ['N', 'note'],
    ['L', 'classify'],
    ['U', 'escalate'],
    ['X', 'standDown'],
    ['A', 'falseAlarm'],
    ['Z', 'finish'],
  ],
  call: [
    ['0', 'elder'],
    ['1 2 3', 'contact'],
    ['9', 'rescue'],
  ],
} as const
