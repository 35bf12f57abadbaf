import type { Naming } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { distance, wholeMinutes } from '../kernel/time'
import { Ask } from '../ui/Ask'
import type { FormProps } from './Forms'
import { useCandidates } from './Send'
import { Parts } from './Why'

/** 派最合适的人: the first of the list, asked about once. */
export function Best({ row, command, close }: FormProps) {
  const speak = useSpeak()
  const { data, error } = useCandidates(row.incident, row.ver)
  const going = new Set(row.going.map(({ responder }) => responder))
  const best = data?.items.find(({ responder }) => !going.has(responder))
  const title = best ? speak('quick/bestTitle', { who: best.name }) : speak('quick/best')
  const send = async () => best !== undefined && command.send('order', { responder: best.responder } satisfies Naming)
  const far = best && distance(best.dist_m)
  return (
    <Ask title={title} action={speak('quick/bestDo')} ready={best !== undefined} command={command} close={close} send={send}>
      {best && far && (
        <>
          <p>
            {speak('quick/bestBody', {
              kind: speak.word('who', best.kind),
              distance: speak(`unit/${far.unit}`, { n: far.n }),
              minutes: speak('unit/minutes', { n: wholeMinutes(best.eta_s) }),
            })}
          </p>
          <Parts score={best.score} />
        </>
      )}
      {!data && error === null && <p className="quiet">{speak('common/loading')}</p>}
      {data && !best && <p className="danger">{speak('quick/bestNone')}</p>}
      {error !== null && <p className="danger">{speak.problem(error)}</p>}
    </Ask>
  )
}
