import Button from '@mui/material/Button'
import { useState } from 'react'
import { copy } from '../kernel/clipboard'
import { useSpeak } from '../kernel/i18n'
import { Glyph } from '../ui/Marks'

/** Something shown once: to be copied or written down. */
export function Secret({ title, text, hint }: { title: string; text: string; hint: string }) {
  const speak = useSpeak()
  const [copied, setCopied] = useState(false)
  return (
    <div className="once">
      <strong>{title}</strong>
      <code translate="no">{text}</code>
      <Button variant="outlined" color="inherit" startIcon={copied ? <Glyph name="tick" /> : null} onClick={() => void copy(text).then(setCopied)}>
        {speak(copied ? 'common/copied' : 'common/copy')}
      </Button>
      <p className="small quiet">{hint}</p>
    </div>
  )
}
