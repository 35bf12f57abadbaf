import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import type { ElderLine } from '../generated/http'
import { request } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { useSettled } from '../kernel/settled'

const LONG_ENOUGH = 2
const TYPING_MS = 250

function useElders(text: string) {
  const q = useSettled(text.trim(), TYPING_MS)
  const found = useQuery({
    queryKey: ['elders', q],
    queryFn: ({ signal }) => request<{ items: ElderLine[] }>(`/elders?q=${encodeURIComponent(q)}`, { signal }),
    enabled: q.length >= LONG_ENOUGH,
    placeholderData: keepPreviousData,
  })
  return { ...found, current: q === text.trim() && !found.isPlaceholderData }
}

interface FindElderProps {
  choose: (elder: ElderLine) => void
  /** Off where the focus belongs elsewhere first. */
  autoFocus?: boolean
}

/** By name, telephone or address; Enter takes the only one found. */
export function FindElder({ choose, autoFocus = true }: FindElderProps) {
  const speak = useSpeak()
  const [text, setText] = useState('')
  const { data, error, current } = useElders(text)
  const items = text.trim().length >= LONG_ENOUGH ? data?.items : undefined
  const only = current && items?.length === 1 ? items[0] : undefined
  const enter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    if (only) choose(only)
  }
  return (
    <>
      <TextField
        fullWidth
        autoFocus={autoFocus}
        sx={{ mt: 1 }}
        label={speak('phone/search')}
        helperText={speak('phone/hint')}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={enter}
      />
      <p role="status" className="small">
        {error !== null && speak.problem(error)}
        {items && (items.length > 0 ? speak('phone/results', { n: items.length }) : speak('phone/none'))}
      </p>
      <ul className="found">
        {items?.map((elder) => (
          <li key={elder.id}>
            <Button fullWidth color="inherit" variant="outlined" onClick={() => choose(elder)}>
              <span>
                <strong>{elder.name_masked}</strong> {elder.place}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
