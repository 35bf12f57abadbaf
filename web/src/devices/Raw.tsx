import Button from '@mui/material/Button'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { RawLine, Replay } from '../generated/http'
import { act } from '../kernel/api'
import { type Speak, useSpeak } from '../kernel/i18n'
import { pathOf, useRaw } from '../things/api'
import { Day } from '../things/Marks'
import { Tag } from '../ui/Marks'
import { Clock } from '../ui/Times'
import { Reading } from './Reading'

/** What the message says of itself, as far as it is JSON. */
function contentOf({ payload }: RawLine): Record<string, unknown> | null {
  try {
    const content: unknown = JSON.parse(payload ?? '')
    return typeof content === 'object' && content !== null && !Array.isArray(content) ? (content as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function said(line: RawLine, speak: Speak): string {
  const kind = contentOf(line)?.['kind']
  if (typeof kind === 'string') return speak.word('kind', kind)
  const action = contentOf(line)?.['action']
  return typeof action === 'string' ? action : ''
}

/** A spare number is ours, for a device that cannot count. */
const numberOf = ({ boot, seq }: RawLine, speak: Speak): string => (boot < 0 ? speak('raw/noNumber') : `${boot}:${seq}`)

/** Two workers take in everything, so that many copies say nothing. */
const USUAL = 2

function useReplay(device: string, event: string) {
  return useMutation({ mutationFn: () => act<Replay>(pathOf(device, `/raw/${event}/replay`), { body: {} }, { until: Date.now() + 8_000 }) })
}

function Entry({ device, line }: { device: string; line: RawLine }) {
  const speak = useSpeak()
  const [open, setOpen] = useState(false)
  const { mutate, data, error, isPending } = useReplay(device, line.event)
  const body = line.payload ?? line.payload_b64 ?? ''
  return (
    <li className="raw">
      <div className="what">
        <p className="first">
          <Clock at={line.received_at} />
          <strong>{said(line, speak)}</strong>
          <span className="mono quiet">{numberOf(line, speak)}</span>
          {line.copies > USUAL && (
            <span className="small">
              {speak('raw/copies', { n: line.copies })}
              {line.last_at && (
                <>
                  {' · '}
                  <Day at={line.last_at} />
                </>
              )}
            </span>
          )}
          {line.flags.map((flag) => (
            <Tag key={flag} tone="warn">
              {speak.word('flag', flag)}
            </Tag>
          ))}
        </p>
        <p className="code" data-open={open}>
          {line.payload === null && <span className="quiet">{speak('raw/binary')} </span>}
          {open && <span className="quiet">{line.topic} </span>}
          {body}
        </p>
      </div>
      <div className="tools">
        <Button color="inherit" aria-expanded={open} onClick={() => setOpen(!open)}>
          {speak(open ? 'raw/hide' : 'raw/show')}
        </Button>
        <Button color="inherit" disabled={isPending} title={speak('raw/replay')} onClick={() => mutate()}>
          {speak(isPending ? 'raw/replaying' : 'raw/replayShort')}
        </Button>
      </div>
      {error !== null && (
        <p className="danger" role="alert">
          {speak.problem(error)}
        </p>
      )}
      {data && <Reading reading={data.reading} />}
    </li>
  )
}

/** Everything the device ever said that was like an alarm, the newest first, and what today's program makes of it. */
export function Raw({ device }: { device: string }) {
  const speak = useSpeak()
  const { items, error, isPending, hasNextPage, fetchNextPage } = useRaw(device)
  return (
    <section aria-labelledby="d-raw">
      <h2 id="d-raw">{speak('raw/title')}</h2>
      {isPending && <p className="quiet">{speak('common/loading')}</p>}
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
      {!isPending && error === null && items.length === 0 && <p className="quiet">{speak('raw/none')}</p>}
      <ol className="raws">
        {items.map((line) => (
          <Entry key={line.event} device={device} line={line} />
        ))}
      </ol>
      {hasNextPage && (
        <Button color="inherit" onClick={() => void fetchNextPage()}>
          {speak('common/more')}
        </Button>
      )}
    </section>
  )
}
