/** What this telephone remembers. Without storage it is remembered until the page is closed. */
const memory = new Map<string, string>()

export function kept<T>(name: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(name) ?? memory.get(name) ?? 'null') as T | null
  } catch {
    return JSON.parse(memory.get(name) ?? 'null') as T | null
  }
}

export function keep(name: string, value: unknown): void {
  const text = JSON.stringify(value)
  memory.set(name, text)
  try {
    localStorage.setItem(name, text)
  } catch {
    // kept in memory
  }
}

export function forget(name: string): void {
  memory.delete(name)
  try {
    localStorage.removeItem(name)
  } catch {
    // there was none
  }
}
