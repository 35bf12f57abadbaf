import { useEffect, useRef, useState } from 'react'

export const LONGEST_S = 60
const BITS_PER_SECOND = 32_000
const FORMS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'] as const

const formOf = (): string | undefined => (typeof MediaRecorder === 'undefined' ? undefined : FORMS.find((form) => MediaRecorder.isTypeSupported(form)))

/** Whether this browser can record at all. */
export const canRecord = (): boolean => formOf() !== undefined && 'mediaDevices' in navigator

export type Recording = 'idle' | 'asking' | 'running' | 'refused'

/** Records up to a minute; `done` is given the sound without its codec in the type, as the server names it. */
export function useRecording(done: (sound: Blob) => void) {
  const [state, setState] = useState<Recording>('idle')
  const [seconds, setSeconds] = useState(0)
  const recorder = useRef<MediaRecorder | null>(null)
  const stop = () => recorder.current?.state === 'recording' && recorder.current.stop()
  useEffect(() => {
    if (state !== 'running') return
    const timer = setInterval(() => setSeconds((before) => before + 1), 1_000)
    return () => clearInterval(timer)
  }, [state])
  useEffect(() => void (seconds >= LONGEST_S && stop()), [seconds])
  useEffect(() => () => void stop(), [])
  const start = async () => {
    setState('asking')
    try {
      const sound = await navigator.mediaDevices.getUserMedia({ audio: true })
      run(sound)
    } catch {
      setState('refused')
    }
  }
  const run = (sound: MediaStream) => {
    const mimeType = formOf() ?? ''
    const made = new MediaRecorder(sound, { mimeType, audioBitsPerSecond: BITS_PER_SECOND })
    const pieces: Blob[] = []
    made.ondataavailable = ({ data }) => pieces.push(data)
    made.onstop = () => {
      for (const track of sound.getTracks()) track.stop()
      setState('idle')
      const blob = new Blob(pieces, { type: mimeType.split(';')[0] ?? '' })
      if (blob.size > 0) done(blob)
    }
    recorder.current = made
    setSeconds(0)
    setState('running')
    made.start()
  }
  return { state, seconds, start, stop }
}
