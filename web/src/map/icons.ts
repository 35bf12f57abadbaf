import { type Mode, PALETTES, type Palette } from '../kernel/tokens'

const SIZE = 32
const SCALE = 2

interface Icon {
  /** On a square of 32, drawn from the middle. */
  path: string
  fill: string
  line: string
  dashed?: boolean
  text?: { words: string; colour: string; y?: number }
}

// Told apart without colour: who comes is an arrow head, who is asked a ring, who may be asked a diamond, and so on.
const PATHS = {
  coming: 'M0-12 10 10 0 5-10 10z',
  asked: 'M0-10a10 10 0 1 0 0 20 10 10 0 0 0 0-20z',
  candidates: 'M0-10 10 0 0 10-10 0z',
  working: 'M-8-8h16v16h-16z',
  duty: 'M0-6a6 6 0 1 0 0 12 6 6 0 0 0 0-12z',
  away: 'M0-6a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM-7 7 7-7',
} as const

const LEVELS = {
  1: 'M-6-14h12l8 8v12l-8 8h-12l-8-8v-12z',
  2: 'M0-14 15 12h-30z',
  3: 'M-13-13h26v26h-26z',
  4: 'M0-14a14 14 0 1 0 0 28 14 14 0 0 0 0-28z',
} as const

function all(palette: Palette): Record<string, Icon> {
  const fills = { coming: palette.good, asked: palette.sheet, candidates: palette.levels[3].fill, working: palette.ink2, duty: palette.ink, away: palette.sheet }
  const icons: Record<string, Icon> = {
    landmark: { path: 'M-4-4h8v8h-8z', fill: palette.sheet, line: palette.ink2 },
    home: { path: 'M-10 2 0-9l10 11M-7 0v9H7V0', fill: palette.sheet, line: palette.ink },
    hole: { path: 'M-14-9h28v18h-28z', fill: palette.levels[2].fill, line: palette.levels[2].on },
  }
  for (const [name, path] of Object.entries(PATHS)) {
    const fill = fills[name as keyof typeof fills]
    const line = fill === palette.sheet ? palette.ink : palette.sheet
    icons[name] = { path, fill, line }
    icons[`${name}-old`] = { path, fill: palette.sheet, line: palette.ink2, dashed: true }
  }
  for (const level of [1, 2, 3, 4] as const) {
    const tone = palette.levels[level]
    icons[`level-${level}`] = { path: LEVELS[level], fill: tone.fill, line: tone.on, text: { words: String(level), colour: tone.on, y: level === 2 ? 3 : 0 } }
  }
  return icons
}

function draw({ path, fill, line, dashed, text }: Icon): ImageData | null {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE * SCALE
  const pen = canvas.getContext('2d')
  if (!pen) return null
  pen.scale(SCALE, SCALE)
  pen.translate(SIZE / 2, SIZE / 2)
  const shape = new Path2D(path)
  pen.fillStyle = fill
  pen.fill(shape)
  pen.strokeStyle = line
  pen.lineWidth = 2
  if (dashed) pen.setLineDash([3, 2])
  pen.stroke(shape)
  if (text) {
    pen.fillStyle = text.colour
    pen.font = 'bold 15px sans-serif'
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    pen.fillText(text.words, 0, text.y ?? 0)
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height)
}

/** Every picture the style names, in the colours of the mode. */
export function icons(mode: Mode): [name: string, image: ImageData, ratio: number][] {
  return Object.entries(all(PALETTES[mode])).flatMap(([name, icon]) => {
    const image = draw(icon)
    return image ? [[name, image, SCALE] as [string, ImageData, number]] : []
  })
}

/** The same shape beside a name in the list. */
export const pathOf = (group: keyof typeof PATHS): string => PATHS[group]
