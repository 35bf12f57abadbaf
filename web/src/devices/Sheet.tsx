import Button from '@mui/material/Button'
import { useRef } from 'react'
import type { Account, UnplacedLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useOrder, useStrayReading } from '../things/api'
import { Ago } from '../things/Marks'
import { asRead, type Candidate } from '../things/proposal'
import { Glyph } from '../ui/Marks'
import { Bind } from './Bind'
import { Reading } from './Reading'
import type { Waiting } from './Unbound'

function Received({ press }: { press: UnplacedLine }) {
  const speak = useSpeak()
  const { data } = useStrayReading(press.quarantine)
  return (
    <>
      <dl className="pairs">
        <div>
          <dt>{speak('raw/topic')}</dt>
          <dd className="code">{press.topic}</dd>
        </div>
      </dl>
      {data && <Reading reading={data.reading} />}
    </>
  )
}

function Settle({ press, words, back }: { press: UnplacedLine; words: 'unbound/settle' | 'unbound/settleOther'; back: () => void }) {
  const speak = useSpeak()
  const order = useOrder()
  const settle = async () => {
    if (await order.send({ path: `/unplaced/${press.quarantine}/settle` })) back()
  }
  return (
    <div className="settle">
      <Button variant="outlined" color="inherit" disabled={order.busy !== null} onClick={() => void settle()}>
        {speak(words)}
      </Button>
      <span className="small quiet">{speak('unbound/settleHint')}</span>
      {order.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(order.problem)}
        </p>
      )}
    </div>
  )
}

/** A message that is no press of an unbound thing. */
function Other({ press, back }: { press: UnplacedLine; back: () => void }) {
  const speak = useSpeak()
  return (
    <>
      <header className="head">
        <h1>{speak.word('quarantine', press.reason)}</h1>
        <p className="quiet">
          <Ago at={press.last_at} /> · {speak('unbound/copies', { n: press.copies })}
        </p>
      </header>
      <div className="body">
        <p>{speak('unbound/noBind')}</p>
        <Received press={press} />
        <Settle press={press} words="unbound/settleOther" back={back} />
      </div>
    </>
  )
}

interface SheetProps {
  /** Address of the thing, or the press that the desk was told of. */
  wanted: string
  waiting: Waiting
  account: Account
  back: () => void
  show: (device: string) => void
}

/** What waits keeps its place here after it has left the list, so that nothing moves under the hand. */
function useKept(found: Candidate | undefined): Candidate | undefined {
  const kept = useRef(found)
  if (found) kept.current = found
  return kept.current
}

/** The press is read before the sheet is filled, so that nothing in it changes afterwards. */
function Binding({ candidate, ...rest }: { candidate: Candidate; account: Account; back: () => void; show: (device: string) => void }) {
  const speak = useSpeak()
  const { data, isLoading } = useStrayReading(candidate.press?.quarantine)
  if (isLoading) return <p className="quiet body">{speak('common/loading')}</p>
  return <Bind candidate={asRead(candidate, data?.reading)} {...rest} />
}

export function Sheet({ wanted, waiting: { list, strays }, account, back, show }: SheetProps) {
  const speak = useSpeak()
  const found = list.find(({ key, press }) => key === wanted || press?.quarantine === wanted)
  const candidate = useKept(found)
  const other = strays.items.find(({ quarantine }) => quarantine === wanted)
  return (
    <article className="sheet" aria-label={candidate?.name ?? wanted}>
      <Button className="back" color="inherit" startIcon={<Glyph name="back" />} onClick={back}>
        {speak('things/toList')}
      </Button>
      {candidate && (
        <>
          <Binding candidate={candidate} account={account} back={back} show={show} />
          {found?.press && (
            <div className="body">
              <Received press={found.press} />
              {account.role !== 'installer' && <Settle press={found.press} words="unbound/settle" back={back} />}
            </div>
          )}
        </>
      )}
      {!candidate && other && <Other press={other} back={back} />}
      {!candidate && !other && <p className="quiet body">{speak(strays.isPending ? 'common/loading' : 'unbound/none')}</p>}
    </article>
  )
}
