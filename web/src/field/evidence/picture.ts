import { useEffect, useState } from 'react'

export const LONGEST_PX = 1_600
export const MOST_BYTES = 400 * 1024
const QUALITIES = [0.82, 0.7, 0.58, 0.45] as const
const SMALLER = 0.75

/** Width and height within the longest side, in whole pixels. */
export function within(width: number, height: number, longest: number): [number, number] {
  const by = Math.min(1, longest / Math.max(width, height))
  return [Math.max(1, Math.round(width * by)), Math.max(1, Math.round(height * by))]
}

const toBlob = (canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> =>
  new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no picture'))), type, quality))

/** Drawn anew and small: what the camera wrote beside the picture, the place above all, stays behind. */
export async function shrink(file: Blob, most = LONGEST_PX, bytes = MOST_BYTES): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  try {
    for (let longest = most; ; longest *= SMALLER) {
      const canvas = drawn(picture, longest)
      for (const quality of QUALITIES) {
        const blob = await toBlob(canvas, 'image/jpeg', quality)
        if (blob.size <= bytes) return blob
      }
    }
  } finally {
    picture.close()
  }
}

function drawn(picture: ImageBitmap, longest: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  ;[canvas.width, canvas.height] = within(picture.width, picture.height, longest)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

export const signed = (canvas: HTMLCanvasElement): Promise<Blob> => toBlob(canvas, 'image/png')

/** An address under which a picture or a sound of this page can be shown. */
export function useAddress(blob: Blob): string | undefined {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return address
}
