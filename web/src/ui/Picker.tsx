import Button, { type ButtonProps } from '@mui/material/Button'
import { useRef } from 'react'

interface PickerProps extends Pick<ButtonProps, 'children' | 'disabled' | 'fullWidth' | 'startIcon'> {
  /** What is asked for. */
  label: string
  /** Kinds of files, as an input names them. */
  accept: string
  multiple?: boolean
  /** Never called with nothing. */
  take: (files: readonly File[]) => void
}

/** A button that asks for files; the same file can be chosen twice in a row. */
export function Picker({ label, accept, multiple, take, ...looks }: PickerProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        hidden
        type="file"
        accept={accept}
        multiple={multiple}
        aria-label={label}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])]
          target.value = ''
          if (files.length > 0) take(files)
        }}
      />
      <Button variant="outlined" color="inherit" onClick={() => input.current?.click()} {...looks} />
    </>
  )
}
