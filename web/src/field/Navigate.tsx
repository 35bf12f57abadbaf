import Button from '@mui/material/Button'
import { useState } from 'react'
import type { HomeCard, JobView } from '../generated/http'
import { copy } from '../kernel/clipboard'
import { useSpeak } from '../kernel/i18n'
import { Glyph } from '../ui/Marks'
import { mapLinks } from './way'

/** The map one has on the phone, or the address to take along. */
export function Navigate({ home, view }: { home: HomeCard; view: JobView }) {
  const speak = useSpeak()
  const [copied, setCopied] = useState(false)
  const [open, setOpen] = useState(false)
  const links = mapLinks({ lat: view.lat ?? home.lat, lon: view.lon ?? home.lon }, home.address, navigator.userAgent)
  return (
    <>
      <div className="pair">
        <Button variant="outlined" color="inherit" aria-expanded={open} onClick={() => setOpen(!open)} startIcon={<Glyph name="pin" />}>
          {speak('job/navigate')}
        </Button>
        <Button variant="outlined" color="inherit" onClick={() => void copy(home.address).then(setCopied)}>
          {speak(copied ? 'common/copied' : 'navigate/copy')}
        </Button>
      </div>
      {open && (
        <div className="grid" role="group" aria-label={speak('navigate/with')}>
          {links.map(([app, href]) => (
            <a key={app} className="tel" href={href}>
              {speak.word('mapApp', app)}
            </a>
          ))}
        </div>
      )}
    </>
  )
}
