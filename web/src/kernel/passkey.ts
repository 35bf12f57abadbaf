/** Passkeys between the browser and the server, whose binary parts travel as base64url. */

interface Described {
  id: string
  type: 'public-key'
}

interface Asked {
  challenge: string
  user?: { id: string; name: string; displayName: string }
  allowCredentials?: Described[]
  excludeCredentials?: Described[]
  [more: string]: unknown
}

/** A passkey belongs to a name, so a page that was opened by its number has none. */
export const canPasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' && isSecureContext && !/^[\d.]+$|:/.test(location.hostname)

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0))
}

export function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer))
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

const named = (list: Described[] | undefined) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }))

function answer(credential: PublicKeyCredential, parts: Record<string, ArrayBuffer | null>): Record<string, unknown> {
  const response = Object.fromEntries(Object.entries(parts).flatMap(([name, part]) => (part ? [[name, text(part)]] : [])))
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() }
}

/** Shows a passkey of this page; null when its owner would rather not. */
export async function showPasskey(options: Record<string, unknown>): Promise<Record<string, unknown> | null> {
  const asked = options as Asked
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) } as PublicKeyCredentialRequestOptions
  const found = (await navigator.credentials.get({ publicKey }).catch(() => null)) as PublicKeyCredential | null
  if (!found) return null
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response as AuthenticatorAssertionResponse
  return answer(found, { clientDataJSON, authenticatorData, signature, userHandle })
}

/** Makes a passkey for this page; null when its owner would rather not, or has one here. */
export async function makePasskey(options: Record<string, unknown>): Promise<Record<string, unknown> | null> {
  const asked = options as Asked
  const publicKey = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user?.id ?? '') },
    excludeCredentials: named(asked.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions
  const made = (await navigator.credentials.create({ publicKey }).catch(() => null)) as PublicKeyCredential | null
  if (!made) return null
  const { clientDataJSON, attestationObject } = made.response as AuthenticatorAttestationResponse
  return answer(made, { clientDataJSON, attestationObject })
}
