import FormControlLabel from '@mui/material/FormControlLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import { useState } from 'react'
import type { ElderLine, Merging, Reopening, Splitting } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Ask } from '../ui/Ask'
import { Choices } from '../ui/Choices'
import { FindElder } from '../ui/FindElder'
import { LevelMark } from '../ui/Marks'
import { useDraft, wordsOf } from './draft'
import { Area, type FormProps } from './Forms'
import { useDesk, useQueue } from './live'

/** The same matter came twice: this one ends in the other. */
export function Merge({ row, command, close }: FormProps) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'merge')
  const { live } = useDesk()
  const queue = useQueue(live)
  const [into, setInto] = useState('')
  const [reason, setReason] = useDraft(`${words}reason`)
  const others = [...queue.waiting, ...queue.taken].map(({ d }) => d).filter(({ incident }) => incident !== row.incident)
  return (
    <Ask title={speak('merge/title')} action={speak('merge/action')} ready={into !== ''} command={command} draft={words} close={close} send={() => command.send('merge', { into, reason } satisfies Merging)}>
      <p>{speak('merge/body')}</p>
      {others.length === 0 && <p className="quiet">{speak('merge/none')}</p>}
      <RadioGroup aria-label={speak('merge/into')} value={into} onChange={(_, value) => setInto(value)}>
        {others.map((one) => (
          <FormControlLabel
            key={one.incident}
            value={one.incident}
            control={<Radio />}
            label={
              <>
                <LevelMark priority={one.priority} size={20} /> {speak.word('kind', one.kind)} {one.name_masked} {one.place} <span className="quiet">{one.incident}</span>
              </>
            }
          />
        ))}
      </RadioGroup>
      <Area label={speak('action/reason')} value={reason} change={setReason} />
    </Ask>
  )
}

const KINDS = ['sos', 'fall', 'vital', 'fence_exit'] as const

/** Another elder needs help of her own. */
export function Split({ row, command, close }: FormProps) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'split')
  const [elder, setElder] = useState<ElderLine | null>(null)
  const [kind, setKind] = useState<(typeof KINDS)[number]>('sos')
  const [reason, setReason] = useDraft(`${words}reason`)
  const body: Splitting = { elder: elder?.id ?? null, kind, reason }
  return (
    <Ask title={speak('split/title')} action={speak('split/action')} ready={elder !== null} command={command} draft={words} close={close} send={() => command.send('split', body)}>
      <p>{speak('split/body')}</p>
      {elder ? (
        <p className="chosen">
          <strong>{speak('phone/chosen', { name: elder.name_masked })}</strong> {elder.place}
        </p>
      ) : (
        <FindElder choose={setElder} />
      )}
      <Choices label={speak('split/kind')} value={kind} options={KINDS} words={(one) => speak.word('kind', one)} choose={setKind} />
      <Area label={speak('split/reason')} value={reason} change={setReason} />
    </Ask>
  )
}

/** What was ended goes on; after half an hour only with a reason. */
export function Reopen({ row, command, close }: FormProps) {
  const speak = useSpeak()
  const words = wordsOf(row.incident, 'reopen')
  const [reason, setReason] = useDraft(`${words}reason`)
  return (
    <Ask title={speak('reopen/title')} action={speak('reopen/action')} ready command={command} draft={words} close={close} send={() => command.send('reopen', { reason } satisfies Reopening)}>
      <p>{speak('reopen/body')}</p>
      <Area label={speak('action/reason')} value={reason} change={setReason} />
    </Ask>
  )
}
