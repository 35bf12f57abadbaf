import { useState } from 'react'

const ROOT = 'yinling.draft '
let owner = ''

/** Whose words are kept from here on: another account in the same tab never sees them. */
export function draftsOf(account: string): void {
  owner = `${account} `
}

const placeOf = (key: string): string => ROOT + owner + key

function stored(key: string): string {
  try {
    return sessionStorage.getItem(placeOf(key)) ?? ''
  } catch {
    return ''
  }
}

function keep(key: string, text: string): void {
  try {
    if (text.trim() === '') sessionStorage.removeItem(placeOf(key))
    else sessionStorage.setItem(placeOf(key), text)
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
      .filter((key) => key.startsWith(placeOf(beginning)))
      .map((key) => key.slice(placeOf('').length))
  } catch {
    return []
  }
}

/** What has been sent, or is not wanted any more; at a logout, everything of whoever leaves. */
export function forgetDrafts(beginning = ''): void {
  for (const key of draftsBelow(beginning)) keep(key, '')
}
