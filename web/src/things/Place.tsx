import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import type { ElderLine } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { FindElder } from '../ui/FindElder'

export interface Where {
  elder: ElderLine
  /** Nobody in particular wears it. */
  wholeHome: boolean
}

export const placeBody = ({ elder, wholeHome }: Where) => ({ home: elder.home, elder: wholeHome ? null : elder.id })

interface PickPlaceProps {
  where: Where | null
  choose: (where: Where | null) => void
  autoFocus?: boolean
}

/** Who uses it: found by name, telephone or address; or the home as a whole. */
export function PickPlace({ where, choose, autoFocus = true }: PickPlaceProps) {
  const speak = useSpeak()
  if (!where) return <FindElder autoFocus={autoFocus} choose={(elder) => choose({ elder, wholeHome: false })} />
  return (
    <div className="picked">
      <p className="chosen">
        <span>
          <strong>{speak('phone/chosen', { name: where.elder.name_masked })}</strong> {where.elder.place}
        </span>
        <Button color="inherit" variant="outlined" onClick={() => choose(null)}>
          {speak('phone/change')}
        </Button>
      </p>
      <FormControlLabel
        control={<Checkbox checked={where.wholeHome} onChange={(_, wholeHome) => choose({ ...where, wholeHome })} />}
        label={speak('device/wholeHomeTick')}
      />
    </div>
  )
}
