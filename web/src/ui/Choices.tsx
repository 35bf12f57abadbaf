import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'

interface ChoicesProps<T extends string> {
  label: string
  value: T | null
  options: readonly T[]
  words: (option: T) => string
  choose: (value: T) => void
}

/** One of a few, all in sight. */
export function Choices<T extends string>({ label, value, options, words, choose }: ChoicesProps<T>) {
  return (
    <fieldset>
      <legend>{label}</legend>
      <RadioGroup className="two" aria-label={label} value={value ?? ''} onChange={(_, next) => choose(next as T)}>
        {options.map((one) => (
          <FormControlLabel key={one} value={one} control={<Radio />} label={words(one)} />
        ))}
      </RadioGroup>
    </fieldset>
  )
}
