import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import { useState } from 'react'
import type { ConsentCode } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { useOrder } from '../things/api'
import { Choices } from '../ui/Choices'
import { Problem } from './Steps'

const RELATIONS = ['daughter', 'son', 'spouse', 'daughter_in_law', 'son_in_law', 'grandchild', 'sibling', 'relative', 'friend'] as const
const SEES = ['devices', 'orders', 'health'] as const
const HOW = ['in_person', 'telephone', 'paper'] as const

/** Somebody who stands beside the elder, or telephones, writes down that one of the family may see. */
export function KinCode({ elder }: { elder: string }) {
  const speak = useSpeak()
  const order = useOrder()
  const [open, setOpen] = useState(false)
  const [relation, setRelation] = useState<(typeof RELATIONS)[number] | null>(null)
  const [how, setHow] = useState<(typeof HOW)[number]>('in_person')
  const [sees, setSees] = useState<readonly string[]>(['devices', 'orders'])
  const [made, setMade] = useState<ConsentCode | null>(null)
  const make = async () => {
    const body = { relation, how, may: ['calls', ...sees] }
    const told = await order.send<ConsentCode>({ path: `/elders/${encodeURIComponent(elder)}/kin-codes`, body })
    if (told) setMade(told)
  }
  if (!open || made) {
    return (
      <>
        {made && <Told code={made.code} />}
        <Button fullWidth variant="outlined" color="inherit" onClick={() => (setMade(null), setOpen(true))}>
          {speak(made ? 'kin/another' : 'kin/letIn')}
        </Button>
      </>
    )
  }
  return (
    <>
      <Choices label={speak('kin/who')} value={relation} options={RELATIONS} words={(one) => speak.word('kin', `relation/${one}`)} choose={setRelation} />
      <fieldset>
        <legend>{speak('kin/may')}</legend>
        {SEES.map((one) => (
          <FormControlLabel
            key={one}
            label={speak.word('kin', `sees/${one}`)}
            control={<Checkbox checked={sees.includes(one)} onChange={(_, on) => setSees(on ? [...sees, one] : sees.filter((it) => it !== one))} />}
          />
        ))}
      </fieldset>
      <Choices label={speak('kin/asked')} value={how} options={HOW} words={(one) => speak.word('kin', `how/${one}`)} choose={setHow} />
      <p>{speak('kin/purpose')}</p>
      <Problem order={order} />
      <Button fullWidth variant="contained" className="primary" disabled={relation === null} onClick={() => void make()}>
        {speak('kin/make')}
      </Button>
    </>
  )
}

function Told({ code }: { code: string }) {
  const speak = useSpeak()
  return (
    <>
      <p>{speak('kin/code', { page: `${location.origin}/family` })}</p>
      <p className="digits" role="status" translate="no">
        {code.slice(0, 4)} {code.slice(4)}
      </p>
    </>
  )
}
