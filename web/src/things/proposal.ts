import type { DiscoveredLine, UnplacedLine } from '../generated/http'


/** One thing that waits to be bound: told of by itself, by a press, or by both. */
export interface Candidate {
  key: string
  address: string
  adapter: string
  hub: string | null
  name: string
  about: string
  /** What it can say, and what it has just said. */
  words: readonly string[]
  pressed: readonly string[]
  press: UnplacedLine | null
  at: string
}

const PREFIXES: Readonly<Record<string, string>> = {
  zigbee2mqtt: 'zigbee2mqtt',
  shellies: 'shelly',
  stat: 'tasmota',
  tele: 'tasmota',
  homeassistant: 'homeassistant',
  traccar: 'traccar',
}

/** What the name of a topic tells where the device itself has told nothing. */
export function guess(topic: string): { address: string; adapter: string } {
  const levels = topic.split('/')
  const adapter = PREFIXES[levels[0] ?? ''] ?? levels[0] ?? ''
  if (adapter === 'zigbee2mqtt') return { adapter, address: topic.replace(/\/action$/, '') }
  return { adapter, address: levels.slice(0, 2).join('/') }
}

const belongs = (topic: string, address: string): boolean => topic === address || topic.startsWith(`${address}/`)

function known(press: UnplacedLine, discovered: readonly DiscoveredLine[]): DiscoveredLine | undefined {
  const fitting = discovered.filter(({ address }) => belongs(press.topic, address))
  return fitting.sort((a, b) => b.address.length - a.address.length)[0]
}

export const lastLevel = (address: string): string => address.split('/').at(-1) || address

function fromPress(press: UnplacedLine, found: DiscoveredLine | undefined): Candidate {
  const { address, adapter } = found ?? guess(press.topic)
  return {
    key: address,
    address,
    adapter,
    hub: found?.hub ?? null,
    name: found?.name || lastLevel(address),
    about: [found?.maker, found?.model].filter(Boolean).join(' '),
    words: found?.words ?? [],
    pressed: [],
    press,
    at: press.last_at,
  }
}

const fromItself = (one: DiscoveredLine): Candidate => ({
  key: one.address,
  address: one.address,
  adapter: one.adapter,
  hub: one.hub,
  name: one.name || lastLevel(one.address),
  about: [one.maker, one.model].filter(Boolean).join(' '),
  words: one.words,
  pressed: [],
  press: null,
  at: one.last_at,
})

const later = (a: { last_at: string }, b: { last_at: string }): number => Date.parse(b.last_at) - Date.parse(a.last_at)

/** One line a thing, whatever it sent: those just pressed first, the newest on top. */
export function candidates(presses: readonly UnplacedLine[], discovered: readonly DiscoveredLine[]): Candidate[] {
  const found = new Map<string, Candidate>()
  for (const press of presses.filter(({ reason }) => reason === 'unbound').sort(later)) {
    const one = fromPress(press, known(press, discovered))
    if (!found.has(one.key)) found.set(one.key, one)
  }
  const silent = [...discovered].sort(later).filter(({ address }) => !found.has(address))
  return [...found.values(), ...silent.map(fromItself)]
}

interface Happening {
  addresses?: readonly string[]
  word?: string
}

/** The same thing, as the server's own adapter reads its press. */
export function asRead(one: Candidate, reading: Record<string, unknown> | undefined): Candidate {
  const said = Array.isArray(reading?.['happenings']) ? (reading['happenings'] as Happening[]) : []
  const address = said[0]?.addresses?.[0] ?? one.address
  const adapter = typeof reading?.['adapter'] === 'string' ? reading['adapter'] : one.adapter
  const pressed = [...new Set(said.map(({ word }) => word ?? '').filter(Boolean))]
  return { ...one, address, adapter, pressed, words: [...new Set([...pressed, ...one.words])] }
}

/** What words mean at most makers; the binding decides. */
export const MEANINGS: Readonly<Record<string, string>> = {
  emergency: 'sos',
  sos: 'sos',
  sos_alarm: 'sos',
  panic: 'sos',
  single: 'sos',
  double: 'sos',
  hold: 'sos',
  S: 'sos',
  L: 'sos',
  on: 'sos',
  press: 'sos',
  button: 'sos',
  fall: 'fall',
  fall_alarm: 'fall',
  smoke: 'smoke',
  gas: 'gas',
  carbon_monoxide: 'gas',
  water_leak: 'water',
  flood: 'water',
  tamper: 'tamper',
  release: 'ignore',
}

export const MEANT = ['sos', 'fall', 'smoke', 'gas', 'water', 'tamper', 'low_batt', 'ignore'] as const

const SENSED = new Set(['smoke', 'gas', 'water'])

export const kindOf = (words: readonly string[]): 'button' | 'sensor' =>
  words.length > 0 && words.every((word) => SENSED.has(MEANINGS[word] ?? '')) ? 'sensor' : 'button'

/** A free id like those of the county: letters of the adapter, then the end of the thing's own name. */
export function suggestedId({ adapter, name }: Pick<Candidate, 'adapter' | 'name'>): string {
  const plain = name.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  const tail = plain || hash(name)
  return `${(adapter[0] ?? 'x').toUpperCase()}-${tail}`.slice(0, 32)
}

// Chinese names leave no letters for an id, yet two of them must not give the same one.
function hash(text: string): string {
  let n = 2166136261
  for (const letter of text) n = Math.imul(n ^ (letter.codePointAt(0) ?? 0), 16777619)
  return (n >>> 0).toString(36).toUpperCase().padStart(6, '0')
}

const RINGS_AGAIN_MS = 30 * 60_000

/** Whether the press can still be rung after binding. */
export const freshEnough = (press: UnplacedLine | null, now: number): boolean => press !== null && now - Date.parse(press.last_at) < RINGS_AGAIN_MS

export type Meaning = readonly (readonly [word: string, kind: string])[]

/** What was pressed is a call for help unless the word says otherwise; of the rest, only words that are known. */
export function firstMeaning(words: readonly string[], pressed: readonly string[]): Meaning {
  const listed = words.filter((word) => pressed.includes(word) || MEANINGS[word])
  const all = listed.length > 0 ? listed : ['emergency']
  return all.map((word) => [word, MEANINGS[word] ?? 'sos'] as const)
}
