import { type Speak, useSpeak } from '../kernel/i18n'

const text = (value: unknown): string => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value))

function position(value: unknown, speak: Speak): string {
  if (typeof value !== 'object' || value === null) return ''
  const { lat, lon, crs_from: from } = value as { lat?: number; lon?: number; crs_from?: string | null }
  if (lat === undefined || lon === undefined) return text(value)
  const source = from ? ` (${speak('raw/positionFrom', { crs: from.toUpperCase() })})` : ''
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}${source}`
}

interface Happening {
  word?: string
  plain?: string | null
  on?: boolean | null
}

/** emergency（紧急呼叫）, or smoke 开始: what a foreign thing said happened. */
function happening({ word = '', plain, on }: Happening, speak: Speak): string {
  const known = plain ? speak('raw/means', { word, kind: plain === 'ignore' ? speak('bind/ignore') : speak.word('kind', plain) }) : word
  if (on === undefined || on === null) return known
  return speak(on ? 'raw/on' : 'raw/off', { word: known })
}

const happenings = (value: unknown, speak: Speak): string =>
  Array.isArray(value) ? value.map((one) => happening(one as Happening, speak)).join(speak.lang === 'en' ? ', ' : '，') : ''

const TOLD = new Set(['as', 'kind', 'eid', 'flags', 'boot', 'seq', 'loc', 'batt', 'happened_at', 'address', 'adapter', 'happenings', 'signs', 'discovered', 'why'])

/** A reading in words, known fields first; what this screen does not know is shown as it came. */
function lines(reading: Record<string, unknown>, speak: Speak): [string, string][] {
  const flags = Array.isArray(reading['flags']) ? reading['flags'].map((flag) => speak.word('flag', String(flag))).join(' · ') : ''
  const number = reading['boot'] === null || reading['boot'] === undefined ? '' : `${text(reading['boot'])}:${text(reading['seq'])}`
  const when = typeof reading['happened_at'] === 'string' ? reading['happened_at'].replace('T', ' ').slice(0, 19) : ''
  const known: [string, string][] = [
    [speak('raw/kind'), speak.word('kind', reading['kind'] as string)],
    [speak('raw/adapter'), speak.word('adapterName', reading['adapter'] as string)],
    [speak('raw/word'), happenings(reading['happenings'], speak)],
    [speak('raw/why'), speak.word('replayWhy', reading['why'] as string)],
    [speak('raw/number2'), number],
    [speak('raw/eid'), text(reading['eid'] ?? '')],
    [speak('raw/flags'), flags],
    [speak('raw/battery'), typeof reading['batt'] === 'number' ? `${reading['batt']}%` : ''],
    [speak('raw/happened'), when],
    [speak('raw/position'), position(reading['loc'], speak)],
  ]
  const rest = Object.entries(reading).filter(([name, value]) => !TOLD.has(name) && value !== null && text(value) !== '[]')
  return [...known, ...rest.map(([name, value]): [string, string] => [name, text(value)])].filter(([, value]) => value !== '')
}

/** What today's program makes of a message, in words. */
export function Reading({ reading }: { reading: Record<string, unknown> }) {
  const speak = useSpeak()
  const as = reading['as'] === 'alarm' ? speak('raw/asAlarm') : reading['as'] === 'foreign' ? speak('raw/asForeign') : ''
  const shown = lines(reading, speak)
  return (
    <div className="reading" role="status">
      <strong>
        {speak('raw/reading')} {as}
      </strong>
      {shown.length === 0 && <p>{speak('raw/nothing')}</p>}
      <dl className="pairs">
        {shown.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="small quiet">{speak('raw/notStored')}</p>
    </div>
  )
}
