import type { Problem } from '../generated/http'

export const API = '/api/v1'

/** An answer other than success; `problem` says which in a stable code. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${status} ${problem.code}`)
  }
}

/** Nobody answered. */
export class NetworkError extends Error {}

/** For a fetch that is not ours to send: whatever it says, nobody answered. */
export const unreached = (fault: unknown): never => {
  throw new NetworkError(String(fault))
}

export interface Outgoing {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  /** Sent as it is, under its own media type. */
  blob?: Blob
  key?: string
  ifMatch?: number
  signal?: AbortSignal
  timeout?: number
  /** Below the root of the server instead of the API's. */
  plain?: boolean
  /** Asks with this ticket instead of as whoever is logged in. */
  ticket?: string
}

const TIMEOUT_MS = 15_000

function headersOf({ body, blob, key, ifMatch, ticket }: Outgoing): Record<string, string> {
  return {
    Accept: 'application/json',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(blob === undefined ? {} : { 'Content-Type': blob.type }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    ...(ifMatch === undefined ? {} : { 'If-Match': String(ifMatch) }),
    ...(ticket === undefined ? {} : { Authorization: `Bearer ${ticket}` }),
  }
}

// By hand, since phones in the field are too old for AbortSignal.any.
function limited({ signal, timeout = TIMEOUT_MS }: Outgoing): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const timer = setTimeout(abort, timeout)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  return {
    signal: controller.signal,
    done: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}

/** One request. */
export async function request<T>(path: string, out: Outgoing = {}): Promise<T> {
  const response = await send(path, out)
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return body as T
  throw new ApiError(response.status, problemOf(response.status, body))
}

async function send(path: string, out: Outgoing): Promise<Response> {
  const limit = limited(out)
  try {
    return await fetch(out.plain ? path : `${API}${path}`, {
      method: out.method ?? 'GET',
      headers: headersOf(out),
      signal: limit.signal,
      credentials: out.ticket === undefined ? 'same-origin' : 'omit',
      ...(out.body === undefined ? {} : { body: JSON.stringify(out.body) }),
      ...(out.blob === undefined ? {} : { body: out.blob }),
    })
  } catch (error) {
    if (out.signal?.aborted) throw error
    throw new NetworkError(String(error))
  } finally {
    limit.done()
  }
}

function problemOf(status: number, body: unknown): Problem {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>
  return {
    type: given.type ?? 'about:blank',
    title: given.title ?? '',
    status,
    code: given.code ?? `http_${status}`,
    field: given.field ?? null,
    params: given.params ?? {},
    instance: given.instance ?? null,
  }
}

const AGAIN = new Set([429, 502, 503, 504])
const CEILING_MS = 8_000
const PATIENCE_MS = 120_000

export interface Patience {
  /** Called before each new try, so that the screen can say that it is still trying. */
  waiting?: (tries: number) => void
  until?: number
  sleep?: (ms: number) => Promise<void>
  now?: () => number
}

const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

/** A command: tried again under the same key while nobody can answer, so it happens once. */
export async function act<T>(path: string, out: Outgoing = {}, patience: Patience = {}): Promise<T> {
  const now = patience.now ?? Date.now
  const key = out.key ?? newKey()
  const until = patience.until ?? now() + PATIENCE_MS
  for (let tries = 1; ; tries += 1) {
    try {
      return await request<T>(path, { method: 'POST', ...out, key })
    } catch (error) {
      const wait = Math.min(CEILING_MS, 400 * 2 ** Math.min(tries - 1, 5)) * (0.75 + Math.random() / 2)
      if (!worthAgain(error) || now() + wait > until) throw error
      patience.waiting?.(tries)
      await (patience.sleep ?? sleep)(wait)
    }
  }
}

const worthAgain = (error: unknown): boolean =>
  error instanceof NetworkError || (error instanceof ApiError && AGAIN.has(error.status) && !later(error))

/** Told to come back later than anybody waits at a screen. */
const later = ({ problem }: ApiError): boolean => Number(problem.params['retry_after_s'] ?? 0) * 1000 > CEILING_MS

export function newKey(): string {
  if ('randomUUID' in crypto) return crypto.randomUUID()
  const bytes = (crypto as Crypto).getRandomValues(new Uint8Array(16))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
