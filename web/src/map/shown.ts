const KEY = 'yinling.map'

/** Whether this screen draws maps, as somebody chose at it last. */
export function prefersMap(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'list'
  } catch {
    return true
  }
}

export function rememberMap(drawn: boolean): void {
  try {
    localStorage.setItem(KEY, drawn ? 'map' : 'list')
  } catch {
    // a browser without storage forgets at reload
  }
}
