import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import { useState } from 'react'
import { useSpeak } from '../../kernel/i18n'
import { Glyph } from '../../ui/Marks'
import { Picker } from '../../ui/Picker'
import { type DraftControl, thing, type Thing } from './draft'
import { shrink, useAddress } from './picture'
import { Part } from './Part'

export const MOST_PHOTOS = 6

function Thumb({ photo, n, remove }: { photo: Thing; n: number; remove: () => void }) {
  const speak = useSpeak()
  return (
    <li>
      <img src={useAddress(photo.blob)} alt={speak('handin/photoN', { n })} />
      <Button variant="outlined" color="inherit" aria-label={speak('handin/removeN', { n })} onClick={remove}>
        {speak('handin/remove')}
      </Button>
    </li>
  )
}

interface PhotosProps {
  control: DraftControl
  needed: boolean
}

/** One to six pictures, small, without the place; who is in them is the helper's care. */
export function Photos({ control, needed }: PhotosProps) {
  const speak = useSpeak()
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const { draft, change } = control
  const take = async (files: readonly File[]) => {
    setBusy(true)
    setFailed(false)
    const room = files.slice(0, MOST_PHOTOS - draft.photos.length)
    const made = await Promise.all(room.map((file) => shrink(file).then(thing, () => null)))
    const fresh = made.filter((one) => one !== null)
    if (fresh.length > 0) change({ photos: [...draft.photos, ...fresh], noPhoto: false })
    setFailed(fresh.length < made.length)
    setBusy(false)
  }
  const full = draft.photos.length >= MOST_PHOTOS
  return (
    <Part title={speak('handin/photos')} needed={needed}>
      <p className="quiet small">{speak('handin/faces')}</p>
      {draft.photos.length > 0 && (
        <ul className="thumbs">
          {draft.photos.map((photo, at) => (
            <Thumb key={photo.id} photo={photo} n={at + 1} remove={() => change({ photos: draft.photos.filter((one) => one !== photo) })} />
          ))}
        </ul>
      )}
      <Picker label={speak('handin/takePhoto')} accept="image/*" multiple fullWidth disabled={busy || full} startIcon={<Glyph name="camera" />} take={(files) => void take(files)}>
        {speak(draft.photos.length > 0 ? 'handin/another' : 'handin/takePhoto')}
      </Picker>
      <p role="status" className="small">
        {busy && speak('handin/shrinking')}
        {full && speak('handin/photosFull', { n: MOST_PHOTOS })}
        {failed && <span className="danger block">{speak('handin/notAPicture')}</span>}
      </p>
      {needed && draft.photos.length === 0 && (
        <FormControlLabel
          control={<Checkbox checked={draft.noPhoto} onChange={(_, noPhoto) => change({ noPhoto })} />}
          label={speak('handin/noPhoto')}
        />
      )}
    </Part>
  )
}
