import { type KeyboardEvent, useRef } from 'react'

/** ↑ and ↓ walk the list; Enter opens. */
export function useSteps() {
  const list = useRef<HTMLElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    const at = rows.findIndex((row) => row === document.activeElement)
    event.preventDefault()
    rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus()
  }
  return { list, onKeyDown }
}
