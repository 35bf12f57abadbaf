import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { OfferNotice } from '../generated/console'
import type { Decline, JobView } from '../generated/http'
import { act, ApiError } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { fieldSeen, jobKnown, offerDone, toldOf } from '../kernel/state/field'
import type { Item } from '../kernel/state/queue'
import { levelOf } from '../kernel/ring/pattern'
import { useRinging } from '../ui/Banners'
import { LevelShape, Tag } from '../ui/Marks'
import { Distance, Minutes, useLeft } from '../ui/Times'
import { useDrawn } from '../ui/drawn'
import { noticeOf, useField } from './live'

export const REASONS: readonly NonNullable<Decline['reason']>[] = ['busy', 'too_far', 'unwell', 'no_transport', 'off_duty', 'other']
export const FIRE = new Set(['smoke', 'gas'])

function useAnswer(offer: OfferNotice, open: (job: string) => void) {
  const { live } = useField()
  const queries = useQueryClient()
  const [busy, setBusy] = useState<'accept' | 'decline' | null>(null)
  const [tries, setTries] = useState(0)
  const [problem, setProblem] = useState<unknown>(null)

  const lost = (error: ApiError) => {
    const who = error.problem.params['who']
    const why = error.problem.code === 'offer_taken' ? 'taken' : error.problem.code.replace(/^offer_/, '')
    const told = toldOf(offer, why, typeof who === 'string' ? who : null)
    live.store.everywhere((state) => offerDone(state, offer.offer, told))
  }
  const failed = (error: unknown) => {
    if (error instanceof ApiError && (error.status === 409 || error.status === 404)) return lost(error)
    setProblem(error)
  }
  const send = async <T,>(what: 'accept' | 'decline', body: unknown): Promise<T | null> => {
    setBusy(what)
    setProblem(null)
    setTries(0)
    try {
      return await act<T>(`/offers/${offer.offer}/${what}`, { body, ...(what === 'accept' ? { key: `accept-${offer.offer}` } : {}) }, { waiting: setTries })
    } catch (error) {
      failed(error)
      return null
    } finally {
      setBusy(null)
    }
  }
  const accept = async () => {
    const view = await send<JobView>('accept', {})
    if (!view) return
    queries.setQueryData(['job', view.job], view)
    live.store.everywhere((state) => offerDone(jobKnown(state, noticeOf(view, 1)), offer.offer))
    open(view.job)
  }
  const decline = async (reason: Decline['reason']) => {
    const done = await send('decline', { reason })
    if (done !== null) live.store.everywhere((state) => offerDone(state, offer.offer))
  }
  return { busy, tries, problem, accept, decline }
}

function Reasons({ choose, cancel }: { choose: (reason: Decline['reason']) => void; cancel: () => void }) {
  const speak = useSpeak()
  return (
    <section className="reasons" aria-labelledby="why-not">
      <h2 id="why-not">{speak('offer/declineTitle')}</h2>
      <p className="quiet">{speak('offer/declineHint')}</p>
      <div className="grid">
        {REASONS.map((reason) => (
          <Button key={reason} variant="outlined" color="inherit" onClick={() => choose(reason)}>
            {speak.word('decline', reason)}
          </Button>
        ))}
      </div>
      <Button fullWidth color="inherit" onClick={cancel}>
        {speak('common/back')}
      </Button>
    </section>
  )
}

function Left({ offer }: { offer: OfferNotice }) {
  const speak = useSpeak()
  const left = useLeft(offer.respond_by)
  return (
    <span className="left" role="timer" aria-live="off">
      {left > 0 ? speak('offer/left', { n: left }) : speak('offer/leftNone')}
    </span>
  )
}

function Facts({ offer }: { offer: OfferNotice }) {
  const speak = useSpeak()
  return (
    <dl className="facts">
      <div>
        <dt>{speak('offer/distance')}</dt>
        <dd>
          <Distance metres={offer.dist_m} />
        </dd>
      </div>
      <div>
        <dt>{speak('offer/eta')}</dt>
        <dd>
          <Minutes seconds={offer.eta_s} />
        </dd>
      </div>
    </dl>
  )
}

interface CardProps {
  item: Item<OfferNotice>
  open: (job: string) => void
  alone: boolean
}

function OfferCard({ item, open, alone }: CardProps) {
  const speak = useSpeak()
  const { live } = useField()
  const { d: offer } = item
  const answer = useAnswer(offer, open)
  const [declining, setDeclining] = useState(false)
  const ringing = useRinging()
  useDrawn(live, item.unseen, offer.offer, fieldSeen)
  const level = levelOf(offer.priority)
  return (
    <article className="offer" data-level={level} data-alone={alone} aria-labelledby={`kind-${offer.offer}`}>
      <header>
        <LevelShape priority={offer.priority} size={alone ? 44 : 32} inverse />
        <div>
          <strong>{speak.word('level', level)}</strong>
          {alone && <span>{speak.word('levelLong', level)}</span>}
        </div>
        <Left offer={offer} />
      </header>
      <div className="body">
        <h2 id={`kind-${offer.offer}`}>{speak.word('kind', offer.kind)}</h2>
        <p className="elder">{offer.elder.name_masked}</p>
        <p className="place">{offer.place}</p>
        {!declining && <Facts offer={offer} />}
        {offer.ordered && <Tag tone="warn">{speak('offer/ordered')}</Tag>}
        {offer.drill && <Tag tone="drill">{speak('app/drillLong')}</Tag>}
        {FIRE.has(offer.kind) && <p className="danger">{speak('offer/fire')}</p>}
        {(offer.others_asked ?? 0) > 0 && !declining && <p className="quiet">{speak('offer/othersAsked', { n: offer.others_asked })}</p>}
        {alone && ringing && <p className="quiet">{speak('offer/hush')}</p>}
        {answer.problem !== null && <p className="danger" role="alert">{speak.problem(answer.problem)}</p>}
        {answer.tries > 0 && <p className="quiet" role="status">{speak('common/tryingAgain', { n: answer.tries })}</p>}
      </div>
      {declining ? (
        <Reasons choose={(reason) => void answer.decline(reason)} cancel={() => setDeclining(false)} />
      ) : (
        <footer>
          <Button className="primary" variant="contained" fullWidth disabled={answer.busy !== null} onClick={() => void answer.accept()}>
            {speak(answer.busy === 'accept' ? 'offer/accepting' : 'offer/accept')}
          </Button>
          <Button variant="outlined" color="inherit" fullWidth disabled={answer.busy !== null} onClick={() => setDeclining(true)}>
            {speak('offer/decline')}
          </Button>
        </footer>
      )}
    </article>
  )
}

/** Covers the screen while somebody waits for an answer. */
export function Offers({ offers, open }: { offers: Item<OfferNotice>[]; open: (job: string) => void }) {
  const speak = useSpeak()
  const alone = offers.length === 1
  return (
    <Dialog fullScreen open={offers.length > 0} aria-labelledby="offers-title" slotProps={{ paper: { className: 'offers' } }}>
      <h1 id="offers-title" className={alone ? 'visually-hidden' : 'several'}>
        {alone ? speak('offer/title') : speak('offer/several', { n: offers.length })}
      </h1>
      {offers.map((item) => (
        <OfferCard key={item.key} item={item} open={open} alone={alone} />
      ))}
      <div className="visually-hidden" role="alert">
        {offers.map(({ d }) => `${speak.word('level', levelOf(d.priority))} ${speak.word('kind', d.kind)} ${d.place}`).join('; ')}
      </div>
    </Dialog>
  )
}
