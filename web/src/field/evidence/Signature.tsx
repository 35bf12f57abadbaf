import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type PointerEvent, useRef, useState } from 'react'
import { useSpeak } from '../../kernel/i18n'
import { Choices } from '../../ui/Choices'
import { type DraftControl, thing, type Unsigned } from './draft'
import { Part } from './Part'
import { signed, useAddress } from './picture'

const WAYS = ['hand', 'typed', 'none'] as const
const UNSIGNED: readonly Unsigned[] = ['cannot_write', 'refused', 'hospital', 'absent', 'other']
const WIDTH = 640
const HEIGHT = 240
const PEN = 4

function clear(canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d')
  if (!context) return
  context.fillStyle = '#fff'
  context.fillRect(0, 0, WIDTH, HEIGHT)
  context.strokeStyle = context.fillStyle = '#111'
  context.lineWidth = PEN
  context.lineCap = context.lineJoin = 'round'
}

function spot(event: PointerEvent<HTMLCanvasElement>): [number, number] {
  const box = event.currentTarget.getBoundingClientRect()
  return [((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT]
}

interface PadProps {
  done: (canvas: HTMLCanvasElement) => void
}

/** Written with a finger, a pen or a mouse; a single touch makes a dot. */
function Pad({ done }: PadProps) {
  const speak = useSpeak()
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawing = useRef(false)
  const [begun, setBegun] = useState(false)
  const down = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!begun) clear(event.currentTarget)
    event.currentTarget.setPointerCapture(event.pointerId)
    drawing.current = true
    const context = event.currentTarget.getContext('2d')
    context?.beginPath()
    context?.moveTo(...spot(event))
    context?.lineTo(...spot(event))
    context?.stroke()
    setBegun(true)
  }
  const move = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!drawing.current) return
    const context = event.currentTarget.getContext('2d')
    context?.lineTo(...spot(event))
    context?.stroke()
  }
  const up = () => {
    if (drawing.current && canvas.current) done(canvas.current)
    drawing.current = false
  }
  return (
    <canvas
      ref={canvas}
      className="pad-paper"
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={speak('handin/pad')}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
    />
  )
}

function typed(name: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = HEIGHT
  clear(canvas)
  const context = canvas.getContext('2d')
  if (!context) return canvas
  context.textAlign = 'center'
  context.font = '72px serif'
  context.fillText(name, WIDTH / 2, HEIGHT / 2 + 24, WIDTH - 40)
  context.font = '20px sans-serif'
  context.fillText('⌨', WIDTH - 24, HEIGHT - 14)
  return canvas
}

function Typed({ done }: { done: (canvas: HTMLCanvasElement) => void }) {
  const speak = useSpeak()
  const [name, setName] = useState('')
  return (
    <>
      <TextField fullWidth label={speak('handin/name')} helperText={speak('handin/nameHint')} value={name} onChange={(event) => setName(event.target.value)} slotProps={{ htmlInput: { maxLength: 40 } }} />
      <Button variant="outlined" color="inherit" disabled={name.trim() === ''} onClick={() => done(typed(name.trim()))}>
        {speak('handin/useName')}
      </Button>
    </>
  )
}

function Signed({ blob, again }: { blob: Blob; again: () => void }) {
  const speak = useSpeak()
  return (
    <>
      <img className="pad-paper" src={useAddress(blob)} alt={speak('handin/signed')} />
      <Button variant="outlined" color="inherit" onClick={again}>
        {speak('handin/signAgain')}
      </Button>
    </>
  )
}

/** By hand, by keyboard, or why not. What is written counts at once; nobody has to confirm it. */
export function Signature({ control, needed }: { control: DraftControl; needed: boolean }) {
  const speak = useSpeak()
  const { draft, change } = control
  const [way, setWay] = useState<(typeof WAYS)[number]>(draft.unsigned ? 'none' : 'hand')
  const [sheet, setSheet] = useState(0)
  const [writing, setWriting] = useState(false)
  const fresh = () => {
    setSheet(sheet + 1)
    setWriting(false)
    change({ signature: null })
  }
  const choose = (next: typeof way) => {
    setWay(next)
    if (writing) fresh()
    if (next !== 'none') change({ unsigned: null })
  }
  const keep = async (canvas: HTMLCanvasElement) => change({ signature: thing(await signed(canvas)), unsigned: null })
  const written = async (canvas: HTMLCanvasElement) => {
    setWriting(true)
    await keep(canvas)
  }
  return (
    <Part title={speak('handin/signature')} needed={needed}>
      {draft.signature && !writing ? (
        <Signed blob={draft.signature.blob} again={fresh} />
      ) : (
        <>
          <Choices label={speak('handin/signWay')} value={way} options={WAYS} words={(one) => speak(`handin/way/${one}`)} choose={choose} />
          {way === 'hand' && (
            <>
              <Pad key={sheet} done={(canvas) => void written(canvas)} />
              <Button variant="outlined" color="inherit" disabled={!writing} onClick={fresh}>
                {speak('handin/signAgain')}
              </Button>
            </>
          )}
          {way === 'typed' && <Typed done={(canvas) => void keep(canvas)} />}
          {way === 'none' && (
            <Choices label={speak('handin/whyUnsigned')} value={draft.unsigned} options={UNSIGNED} words={(one) => speak(`handin/unsigned/${one}`)} choose={(unsigned) => change({ unsigned })} />
          )}
        </>
      )}
    </Part>
  )
}
