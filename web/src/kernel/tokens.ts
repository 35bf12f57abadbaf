/** Every size and colour there is. Contrast is checked by test/kernel.test.ts, sizes in the browser. */

export type Mode = 'day' | 'night' | 'sun'
export type Density = 'desk' | 'field'

export interface Tone {
  /** Filled shapes and bands, and what is written on them. */
  fill: string
  on: string
  /** A quiet ground for rows, and the level's word on it. */
  soft: string
  text: string
}

export interface Palette {
  paper: string
  sheet: string
  sunk: string
  ink: string
  ink2: string
  line: string
  edge: string
  silver: string
  act: string
  onAct: string
  focus: string
  good: string
  goodSoft: string
  levels: Readonly<Record<1 | 2 | 3 | 4, Tone>>
}

// Colour is kept for urgency; everything else is paper, ink and the silver of the bell.
export const PALETTES: Readonly<Record<Mode, Palette>> = {
  day: {
    paper: '#f6f5f1',
    sheet: '#ffffff',
    sunk: '#edebe5',
    ink: '#16202b',
    ink2: '#434d59',
    line: '#d8d6ce',
    edge: '#79818a',
    silver: '#7d8894',
    act: '#1f2c3a',
    onAct: '#ffffff',
    focus: '#1b5e9b',
    good: '#17543a',
    goodSoft: '#e4efe8',
    levels: {
      1: { fill: '#a8121d', on: '#ffffff', soft: '#fbe9e8', text: '#8d0d17' },
      2: { fill: '#7d4300', on: '#ffffff', soft: '#faeedb', text: '#6b3900' },
      3: { fill: '#1c4a87', on: '#ffffff', soft: '#e6eef8', text: '#1a4279' },
      4: { fill: '#355243', on: '#ffffff', soft: '#e8efea', text: '#2f4a3c' },
    },
  },
  // Under the sun only black on white is left: grounds do not differ, edges are ink.
  sun: {
    paper: '#ffffff',
    sheet: '#ffffff',
    sunk: '#ffffff',
    ink: '#000000',
    ink2: '#1a1a1a',
    line: '#000000',
    edge: '#000000',
    silver: '#000000',
    act: '#000000',
    onAct: '#ffffff',
    focus: '#00429a',
    good: '#003c20',
    goodSoft: '#ffffff',
    levels: {
      1: { fill: '#8f000b', on: '#ffffff', soft: '#ffffff', text: '#7a0009' },
      2: { fill: '#5f3200', on: '#ffffff', soft: '#ffffff', text: '#522b00' },
      3: { fill: '#0d3670', on: '#ffffff', soft: '#ffffff', text: '#0b2f62' },
      4: { fill: '#22402f', on: '#ffffff', soft: '#ffffff', text: '#1d3729' },
    },
  },
  night: {
    paper: '#0d1319',
    sheet: '#151d26',
    sunk: '#0a0f14',
    ink: '#e9edf1',
    ink2: '#b3bdc8',
    line: '#2b3643',
    edge: '#75828f',
    silver: '#aeb9c5',
    act: '#ccd5de',
    onAct: '#0d1319',
    focus: '#8dbbf5',
    good: '#93d3ab',
    goodSoft: '#14261c',
    levels: {
      1: { fill: '#ff958c', on: '#2b0505', soft: '#34161a', text: '#ffb3ac' },
      2: { fill: '#f2b45a', on: '#2a1a00', soft: '#2f2411', text: '#f7c67f' },
      3: { fill: '#8dbbf5', on: '#06203f', soft: '#152638', text: '#a9ccf8' },
      4: { fill: '#9cc7ad', on: '#0c2316', soft: '#16261d', text: '#b3d7c1' },
    },
  },
}

export interface Sizes {
  /** Smallest control and the main action, CSS pixels. */
  control: number
  primary: number
  gap: number
  /** Body text, CSS pixels: one rem. */
  text: number
  radius: number
}

export const SIZES: Readonly<Record<Density, Sizes>> = {
  desk: { control: 44, primary: 48, gap: 8, text: 16, radius: 6 },
  field: { control: 48, primary: 64, gap: 12, text: 18, radius: 10 },
}

export const TEXT_STEPS = { normal: 1, large: 22 / 18, larger: 26 / 18 } as const

export const FONT =
  '"PingFang SC", "HarmonyOS Sans SC", "MiSans", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif'
export const FONT_NAME = '"Songti SC", "STSong", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", Georgia, serif'

/** The tokens as custom properties, so that style sheets and components read the same values. */
export function variables(mode: Mode, density: Density): Record<string, string> {
  const { levels, ...colours } = PALETTES[mode]
  const sizes = SIZES[density]
  const named: Record<string, string> = {
    '--font': FONT,
    '--font-name': FONT_NAME,
    '--control': `${sizes.control}px`,
    '--primary': `${sizes.primary}px`,
    '--gap': `${sizes.gap}px`,
    '--radius': `${sizes.radius}px`,
  }
  for (const [name, value] of Object.entries(colours)) named[`--${name}`] = value
  for (const [level, tone] of Object.entries(levels)) {
    for (const [name, value] of Object.entries(tone)) named[`--l${level}-${name}`] = value as string
  }
  return named
}
