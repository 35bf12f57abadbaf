import { useState } from 'react'
import './face.css'

interface FaceProps {
  name: string
  /** Where the picture is, if there is one. */
  src: string | null
}

/** Somebody's face; the first letter of the name where there is none, or where it does not come. */
export function Face({ name, src }: FaceProps) {
  const [failed, setFailed] = useState<string | null>(null)
  if (src === null || src === failed) return <span aria-hidden="true" className="face letter">{name.slice(0, 1)}</span>
  return <img className="face" src={src} alt={name} onError={() => setFailed(src)} />
}
