import Button from '@mui/material/Button'
import { useSpeak } from '../../kernel/i18n'
import { elapsed } from '../../kernel/time'
import { Glyph } from '../../ui/Marks'
import { type DraftControl, thing, type Thing } from './draft'
import { useAddress } from './picture'
import { canRecord, LONGEST_S, useRecording } from './recording'

function Recorded({ voice, remove }: { voice: Thing; remove: () => void }) {
  const speak = useSpeak()
  return (
    <div className="pair">
      <audio controls src={useAddress(voice.blob)} aria-label={speak('handin/voice')} />
      <Button variant="outlined" color="inherit" onClick={remove}>
        {speak('handin/removeVoice')}
      </Button>
    </div>
  )
}

/** Up to a minute, in place of typing with cold hands. */
export function Voice({ control }: { control: DraftControl }) {
  const speak = useSpeak()
  const { draft, change } = control
  const recording = useRecording((sound) => change({ voice: thing(sound) }))
  if (draft.voice) return <Recorded voice={draft.voice} remove={() => change({ voice: null })} />
  if (!canRecord()) return <p className="quiet small">{speak('handin/noRecorder')}</p>
  const running = recording.state === 'running'
  return (
    <>
      <Button
        variant={running ? 'contained' : 'outlined'}
        color={running ? 'error' : 'inherit'}
        fullWidth
        disabled={recording.state === 'asking'}
        startIcon={<Glyph name="mic" />}
        onClick={() => (running ? recording.stop() : void recording.start())}
      >
        {speak(running ? 'handin/stop' : 'handin/record', { n: LONGEST_S })}
      </Button>
      {running && (
        <p className="mono" aria-live="off">
          {elapsed(recording.seconds * 1000)} / {elapsed(LONGEST_S * 1000)}
        </p>
      )}
      <p role="status" className="small">
        {running && speak('handin/recording')}
        {recording.state === 'refused' && <span className="danger block">{speak('handin/noMicrophone')}</span>}
      </p>
    </>
  )
}
