import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useSpeak } from '../kernel/i18n'
import { Foot } from '../ui/Foot'
import { KEY_LIST } from './keys'

const GROUPS = Object.keys(KEY_LIST) as (keyof typeof KEY_LIST)[]

/** Which key does what. */
export function Keys({ close }: { close: () => void }) {
  const speak = useSpeak()
  return (
    <Dialog open fullWidth maxWidth="md" onClose={close} aria-labelledby="keys-title">
      <DialogTitle id="keys-title">{speak('keys/title')}</DialogTitle>
      <DialogContent>
        <p className="quiet">{speak('keys/body')}</p>
        <div className="keys">
          {GROUPS.map((group) => (
            <section key={group} aria-labelledby={`keys-${group}`}>
              <h3 id={`keys-${group}`}>{speak(`keys/group/${group}`)}</h3>
              <dl>
                {KEY_LIST[group].map(([key, what]) => (
                  <div key={key}>
                    <dt>
                      <kbd>{key}</kbd>
                    </dt>
                    <dd>{speak(`keys/${what}`)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </DialogContent>
      <Foot autoFocus close={close} />
    </Dialog>
  )
}
