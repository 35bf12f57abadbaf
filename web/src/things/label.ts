/** What a label says: the device and its claim code. */
export interface Label {
  id: string
  code: string
}

const ID = /^[A-Za-z0-9][\w.-]{1,63}$/
const PAIR = /^(?:yinling:|yl[1:]?\s*)?([\w.-]+)[\s|;,/]+([A-Za-z0-9-]+)$/i

/** Reads a QR label: `yinling:<id>/<code>`, an address with `#<id>/<code>` or `?id=…&code=…`, JSON, or both side by side. */
export function readLabel(text: string): Label | null {
  const given = text.trim()
  return fromJson(given) ?? fromAddress(given) ?? fromPair(given)
}

const label = (id: unknown, code: unknown): Label | null =>
  typeof id === 'string' && ID.test(id) ? { id, code: typeof code === 'string' ? code : '' } : null

function fromJson(text: string): Label | null {
  if (!text.startsWith('{')) return null
  try {
    const { id, device, code } = JSON.parse(text) as Record<string, unknown>
    return label(id ?? device, code)
  } catch {
    return null
  }
}

function fromAddress(text: string): Label | null {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return null
  const { hash, searchParams } = new URL(text)
  if (searchParams.has('id')) return label(searchParams.get('id'), searchParams.get('code'))
  const [id, code] = decodeURIComponent(hash.slice(1)).split('/')
  return label(id, code)
}

function fromPair(text: string): Label | null {
  const pair = PAIR.exec(text)
  return pair ? label(pair[1], pair[2]) : label(text, '')
}
