import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { ElderLine } from '../../generated/http'
import { useSpeak } from '../../kernel/i18n'
import { useSettled } from '../../kernel/settled'
import { Tag } from '../../ui/Marks'
import { useSteps } from '../../ui/steps'
import { useElders } from './api'

const TYPING_MS = 250

function Row({ elder, selected, choose }: { elder: ElderLine; selected: boolean; choose: (id: string) => void }) {
  const speak = useSpeak()
  return (
    <li className="row" data-selected={selected}>
      <button type="button" className="open" data-row={elder.id} aria-current={selected ? 'true' : undefined} onClick={() => choose(elder.id)}>
        <span className="line">
          <strong>{elder.name_masked}</strong>
          {elder.lives_alone && <Tag>{speak('registry/alone')}</Tag>}
          {elder.assessment !== null && <span className="quiet">{speak('registry/level', { n: elder.assessment })}</span>}
          <span className="end">{elder.id}</span>
        </span>
        {elder.place && <span className="line small">{elder.place}</span>}
      </button>
    </li>
  )
}

/** Elders of the division, found by a few words. */
export function Elders({ selected, choose }: { selected: string | null; choose: (id: string) => void }) {
  const speak = useSpeak()
  const [text, setText] = useState('')
  const { items, error, isPending, hasNextPage, fetchNextPage } = useElders(useSettled(text.trim(), TYPING_MS))
  const { list, onKeyDown } = useSteps()
  return (
    <>
      <div className="finding" onKeyDown={onKeyDown}>
        <TextField fullWidth type="search" label={speak('registry/find')} value={text} onChange={(event) => setText(event.target.value)} slotProps={{ htmlInput: { maxLength: 100 } }} />
      </div>
      <nav className="queue" ref={list} onKeyDown={onKeyDown} aria-label={speak('registry/title')}>
        {error !== null && <p className="danger">{speak.problem(error)}</p>}
        {!isPending && error === null && items.length === 0 && <p className="quiet empty">{speak('registry/none')}</p>}
        <ul>
          {items.map((elder) => (
            <Row key={elder.id} elder={elder} selected={selected === elder.id} choose={choose} />
          ))}
        </ul>
        {hasNextPage && <Button onClick={() => void fetchNextPage()}>{speak('common/more')}</Button>}
      </nav>
    </>
  )
}
