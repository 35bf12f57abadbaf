import Button from '@mui/material/Button'
import { useState } from 'react'
import { shrink } from '../../field/evidence/picture'
import type { Portrait as Kept } from '../../generated/http'
import { API } from '../../kernel/api'
import { useSpeak } from '../../kernel/i18n'
import { chinaDay } from '../../kernel/time'
import { Face } from '../../ui/Face'
import { Picker } from '../../ui/Picker'
import { useSend } from '../api'
import { Sure } from './Forms'
import './portrait.css'

const LONGEST_PX = 480
const MOST_BYTES = 300 * 1024

interface PortraitProps {
  /** Of the person. */
  path: string
  name: string
  it: Kept | null | undefined
}

/** Somebody's face, as others are shown it: put there, replaced, taken away. */
export function Portrait({ path, name, it }: PortraitProps) {
  const speak = useSpeak()
  const order = useSend()
  const [unreadable, setUnreadable] = useState(false)
  const [removing, setRemoving] = useState(false)
  const at = `${path}/portrait`
  const take = async ([file]: readonly File[]) => {
    if (!file) return
    order.clear()
    const blob = await shrink(file, LONGEST_PX, MOST_BYTES).catch(() => null)
    setUnreadable(blob === null)
    if (blob) await order.send({ path: at, method: 'PUT', blob })
  }
  const remove = async () => (await order.send({ path: at, method: 'DELETE' })) !== null
  const problem = unreadable ? speak('portrait/notAPicture') : order.problem === null || removing ? '' : speak.problem(order.problem)
  return (
    <div className="portrait">
      <Face name={name} src={it ? `${API}/portraits/${it.portrait}` : null} />
      <div>
        <p className="quiet">{it ? speak('portrait/by', { by: it.by, day: chinaDay(Date.parse(it.at)) }) : speak('portrait/none')}</p>
        <div className="buttons">
          <Picker label={speak('portrait/choose')} accept="image/*" disabled={order.busy !== null} take={(files) => void take(files)}>
            {speak(it ? 'portrait/replace' : 'portrait/put')}
          </Picker>
          {it && (
            <Button color="inherit" disabled={order.busy !== null} onClick={() => setRemoving(true)}>
              {speak('portrait/remove')}
            </Button>
          )}
        </div>
        {problem && (
          <p className="danger" role="alert">
            {problem}
          </p>
        )}
      </div>
      {removing && <Sure title={speak('portrait/removeTitle', { name })} action={speak('portrait/remove')} command={order} send={remove} close={() => setRemoving(false)} />}
    </div>
  )
}
