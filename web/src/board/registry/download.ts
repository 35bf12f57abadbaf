import type { Problem } from '../../generated/http'
import { API, ApiError, newKey, unreached } from '../../kernel/api'

const KEPT_MS = 10_000

/** Takes a list that was allowed, once; the browser saves it under the name the server gives it. */
export async function download(list: string): Promise<void> {
  const response = await fetch(`${API}/registry/exports/${encodeURIComponent(list)}/file`, {
    method: 'POST',
    headers: { 'Idempotency-Key': newKey() },
    credentials: 'same-origin',
  }).catch(unreached)
  if (!response.ok) throw new ApiError(response.status, (await response.json()) as Problem)
  const [, name] = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '') ?? []
  save(await response.blob(), name ?? list)
}

/** Hands a file to the browser, which keeps it where its user keeps such things. */
export function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS)
}
