/** A strike of the bell: pitch in hertz, when it falls and how loud, both within one period. */
export interface Strike {
  hz: number
  at: number
  loud: number
}

export interface Pattern {
  period: number
  strikes: readonly Strike[]
  /** Milliseconds on, off, on, … for a phone that shakes. */
  shake: readonly number[]
}

export type Level = 1 | 2 | 3 | 4

const strikes = (hz: readonly number[], step: number, loud = 1): Strike[] =>
  hz.map((pitch, k) => ({ hz: pitch, at: k * step, loud }))

/** More urgent means higher, quicker and closer together; each can be told apart without looking. */
export const PATTERNS: Readonly<Record<Level, Pattern>> = {
  1: { period: 1.5, strikes: strikes([1175, 1480, 1175, 1480], 0.18), shake: [220, 90, 220, 90, 220] },
  2: { period: 2.6, strikes: strikes([988, 1175], 0.28, 0.9), shake: [260, 140, 260] },
  3: { period: 4.5, strikes: strikes([784], 0, 0.75), shake: [180] },
  4: { period: 8, strikes: strikes([659], 0, 0.6), shake: [120] },
}

export const TEST_CHIME: Pattern = { period: 1.8, strikes: strikes([784, 988, 1175], 0.26, 0.8), shake: [120, 80, 120] }

export const levelOf = (priority: number): Level => (priority <= 1 ? 1 : priority >= 4 ? 4 : (Math.round(priority) as Level))

// The partials of a small bell: hum, prime, tierce, quint, nominal, with how loud and how long each sounds.
const PARTIALS: readonly (readonly [ratio: number, loud: number, seconds: number])[] = [
  [0.5, 0.18, 0.9],
  [1, 0.5, 0.6],
  [1.19, 0.16, 0.45],
  [1.5, 0.12, 0.4],
  [2, 0.3, 0.3],
  [2.74, 0.1, 0.15],
]

const ATTACK_S = 0.004

function strikeAt(strike: Strike, t: number): number {
  if (t < 0) return 0
  const attack = Math.min(1, t / ATTACK_S)
  let sum = 0
  for (const [ratio, loud, seconds] of PARTIALS) {
    sum += loud * Math.exp((-5 * t) / seconds) * Math.sin(2 * Math.PI * strike.hz * ratio * t)
  }
  return attack * sum * strike.loud
}

/** One period as samples between -1 and 1; the tail of the last strikes wraps round so that it loops cleanly. */
export function render(pattern: Pattern, rate: number): Float32Array<ArrayBuffer> {
  const length = Math.round(pattern.period * rate)
  const samples = new Float32Array(length)
  const tail = Math.round(rate * 1.2)
  for (const strike of pattern.strikes) {
    const start = Math.round(strike.at * rate)
    for (let k = 0; k < tail; k += 1) {
      const place = (start + k) % length
      samples[place] = (samples[place] ?? 0) + strikeAt(strike, k / rate)
    }
  }
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return peak > 0 ? samples.map((value) => (value / peak) * 0.95) : samples
}
