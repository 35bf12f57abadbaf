import Button from '@mui/material/Button'
import { useState } from 'react'
import { useSpeak } from '../../kernel/i18n'
import { useSend } from '../api'
import { elderPath, useCard } from './api'
import { Sure } from './Forms'

/** The code on her card: made when it is first asked for, shown, printed, made anew when it is lost. */
export function CardPane({ elder, code }: { elder: string; code: string | null }) {
  const speak = useSpeak()
  const order = useSend()
  const [shown, setShown] = useState(false)
  const [renewing, setRenewing] = useState(false)
  const { data } = useCard(shown ? elder : null)
  const renew = async () => (await order.send({ path: elderPath(elder, '/code') })) !== null
  const show = async () => setShown(code !== null || (await renew()))
  return (
    <>
      <p className="quiet">{speak('registry/codeHint')}</p>
      {data && (
        <figure className="codecard">
          <img src={data.picture} alt={data.code} width={160} height={160} />
          <figcaption>{data.code}</figcaption>
        </figure>
      )}
      <div className="line">
        {!shown && (
          <Button variant="outlined" color="inherit" disabled={order.busy !== null} onClick={() => void show()}>
            {speak('registry/show')}
          </Button>
        )}
        {data && (
          <Button variant="outlined" color="inherit" onClick={() => window.print()}>
            {speak('registry/print')}
          </Button>
        )}
        <Button color="inherit" onClick={() => setRenewing(true)}>
          {speak('registry/renew')}
        </Button>
      </div>
      {renewing && <Sure title={speak('registry/renewTitle')} action={speak('registry/renew')} command={order} send={renew} close={() => setRenewing(false)} />}
    </>
  )
}
