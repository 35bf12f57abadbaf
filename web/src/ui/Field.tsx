import TextField from '@mui/material/TextField'

interface FieldProps {
  label: string
  value: string
  change: (value: string) => void
  most?: number
  type?: 'text' | 'tel' | 'date' | 'datetime-local'
  required?: boolean
  hint?: string
  /** What the server said against it. */
  wrong?: string | null
}

/** One answer, with what it means below it, or what is wrong with it. */
export function Field({ label, value, change, most = 60, type = 'text', required = false, hint = '', wrong = null }: FieldProps) {
  const slotProps = { htmlInput: { maxLength: most }, inputLabel: type.startsWith('date') ? { shrink: true } : {}, formHelperText: wrong === null ? {} : { role: 'alert' } }
  return <TextField fullWidth required={required} type={type} label={label} value={value} error={wrong !== null} helperText={wrong ?? hint} onChange={(event) => change(event.target.value)} slotProps={slotProps} />
}
