import Button from '@mui/material/Button'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useSpeak } from '../../kernel/i18n'
import { useColleagues } from './api'

interface WordsProps {
  label: string
  value: string
  change: (value: string) => void
  rows?: number
  max?: number
  hint?: string
}

/** Words of people, as long as the server keeps them. */
export function WordsField({ label, value, change, rows = 3, max = 2000, hint }: WordsProps) {
  return (
    <TextField
      label={label}
      {...(rows > 1 ? { multiline: true, minRows: rows } : {})}
      fullWidth
      value={value}
      helperText={hint}
      onChange={(event) => change(event.target.value)}
      slotProps={{ htmlInput: { maxLength: max } }}
    />
  )
}

interface PickProps {
  label: string
  value: string
  options: readonly (readonly [value: string, words: string])[]
  change: (value: string) => void
}

export function Pick({ label, value, options, change }: PickProps) {
  return (
    <TextField select fullWidth label={label} value={value} onChange={(event) => change(event.target.value)}>
      {options.map(([one, words]) => (
        <MenuItem key={one} value={one}>
          {words}
        </MenuItem>
      ))}
    </TextField>
  )
}

interface ColleagueProps {
  label: string
  value: string
  change: (account: string) => void
}

/** Somebody at a desk of one's own division. */
export function ColleagueField({ label, value, change }: ColleagueProps) {
  const { data } = useColleagues()
  const options = (data?.items ?? []).map(({ account, name, division_name }) => [account, `${name} · ${division_name}`] as const)
  return <Pick label={label} value={options.some(([account]) => account === value) ? value : ''} options={options} change={change} />
}

interface TabsProps<T extends string> {
  label: string
  value: T
  options: readonly (readonly [value: T, words: string])[]
  change: (value: T) => void
}

/** One list or another, as buttons that are pressed or not. */
export function Which<T extends string>({ label, value, options, change }: TabsProps<T>) {
  return (
    <div className="filters" role="group" aria-label={label}>
      {options.map(([one, words]) => (
        <button key={one} type="button" aria-pressed={one === value} onClick={() => change(one)}>
          {words}
        </button>
      ))}
    </div>
  )
}

interface ListProps {
  error: unknown
  isPending: boolean
  many: number
  none: string
  hasNextPage: boolean
  fetchNextPage: () => unknown
}

/** What stands under a list: that it is being read, empty, longer, or why it is not there. */
export function Under({ error, isPending, many, none, hasNextPage, fetchNextPage }: ListProps) {
  const speak = useSpeak()
  return (
    <>
      {Boolean(error) && (
        <p className="danger" role="alert">
          {speak.problem(error)}
        </p>
      )}
      {isPending && !error && <p className="quiet">{speak('common/loading')}</p>}
      {!isPending && !error && many === 0 && <p className="quiet">{none}</p>}
      {hasNextPage && (
        <Button variant="outlined" color="inherit" onClick={() => void fetchNextPage()}>
          {speak('common/more')}
        </Button>
      )}
    </>
  )
}
