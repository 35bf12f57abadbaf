import { useState } from 'react'

const ROOT = 'yinling.draft '

function stored(key: string): string {
  try {
    return sessionStorage.getItem(ROOT + key) ?? ''
  } catch {
    return ''
  }
}

function keep(key: string, text: string): void {
  try {
    if (text.trim() === '') sessionStorage.removeItem(ROOT + key)
    else sessionStorage.setItem(ROOT + key, text)
  } catch {
    // without storage the words stay on the screen only
  }
}

/** Text that a reload or the end of a login does not take away. It is kept in this tab alone, under `key`. */
export function useDraft(key: string, initial = ''): [string, (text: string) => void] {
  const [text, setText] = useState(() => stored(key) || initial)
  const change = (next: string) => {
    setText(next)
    keep(key, next === initial ? '' : next)
  }
  return [text, change]
}

/** Keys of what was typed and not sent, below a beginning of theirs. */
export function draftsBelow(beginning: string): string[] {
  try {
    return Object.keys(sessionStorage)
      .filter((key) => key.startsWith(ROOT + beginning))
      .map((key) => key.slice(ROOT.length))
  } catch {
    return []
  }
}

/** What has been sent, or is not wanted any more; at a logout, everything. */
export function forgetDrafts(beginning = ''): void {
  for (const key of draftsBelow(beginning)) keep(key, '')
}
