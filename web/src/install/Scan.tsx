import Button from '@mui/material/Button'
import { useEffect, useRef, useState } from 'react'
import { useSpeak } from '../kernel/i18n'
import { type Label, readLabel } from '../things/label'

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>
}
type DetectorClass = new (options: { formats: string[] }) => Detector

const detector = (): DetectorClass | undefined => (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector

/** Only some browsers read codes by themselves, and only over a safe connection; the rest type. */
export const canScan = (): boolean => detector() !== undefined && navigator.mediaDevices !== undefined

const LOOK_MS = 250

async function camera(video: HTMLVideoElement): Promise<MediaStream> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  video.srcObject = stream
  await video.play()
  return stream
}

interface ScanProps {
  found: (label: Label) => void
  stop: () => void
}

export function Scan({ found, stop }: ScanProps) {
  const speak = useSpeak()
  const video = useRef<HTMLVideoElement>(null)
  const [fault, setFault] = useState<'scanNone' | 'scanWrong' | null>(null)
  const told = useRef(found)
  told.current = found
  useEffect(() => {
    const Known = detector()
    const picture = video.current
    if (!Known || !picture) return setFault('scanNone')
    const reader = new Known({ formats: ['qr_code'] })
    let stream: MediaStream | null = null
    let over = false
    const look = async () => {
      const codes = await reader.detect(picture).catch(() => [])
      if (over) return
      const labels = codes.map(({ rawValue }) => readLabel(rawValue))
      const label = labels.find((one) => one !== null)
      if (label) return told.current(label)
      if (codes.length > 0) setFault('scanWrong')
      setTimeout(() => void look(), LOOK_MS)
    }
    camera(picture).then(
      (opened) => {
        stream = opened
        if (over) for (const track of opened.getTracks()) track.stop()
        else void look()
      },
      () => setFault('scanNone'),
    )
    return () => {
      over = true
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [])
  return (
    <div className="scan">
      <video ref={video} muted playsInline aria-label={speak('install/scanning')} />
      <p role="status">{speak(fault ? `install/${fault}` : 'install/scanning')}</p>
      <Button fullWidth variant="outlined" color="inherit" onClick={stop}>
        {speak('install/scanStop')}
      </Button>
    </div>
  )
}
