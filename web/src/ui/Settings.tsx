import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import IconButton from '@mui/material/IconButton'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useState } from 'react'
import type { Account } from '../generated/http'
import { speakLanguage, useSpeak } from '../kernel/i18n'
import { prefer, type Preferences, usePreferences } from '../kernel/preferences'
import { SECURITY } from '../kernel/session'
import { Foot } from './Foot'
import { Glyph } from './Marks'

interface ChoiceProps<T extends string> {
  label: string
  value: T
  options: readonly (readonly [T, string])[]
  choose: (value: T) => void
}

function Choice<T extends string>({ label, value, options, choose }: ChoiceProps<T>) {
  return (
    <div style={{ marginBottom: 16 }}>
      <div className="quiet" style={{ marginBottom: 4 }}>
        {label}
      </div>
      <ToggleButtonGroup
        exclusive
        fullWidth
        aria-label={label}
        sx={{ flexWrap: 'wrap' }}
        value={value}
        onChange={(_, next: T | null) => next && choose(next)}
      >
        {options.map(([option, word]) => (
          <ToggleButton key={option} value={option} sx={chosen}>
            {word}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  )
}

const chosen = {
  flex: '1 1 auto',
  width: 'auto',
  '&.Mui-selected, &.Mui-selected:hover': { bgcolor: 'var(--act)', color: 'var(--onAct)', fontWeight: 700 },
}

type Lang = NonNullable<Preferences['lang']>
type Theme = NonNullable<Preferences['theme']>
type Text = NonNullable<Preferences['text']>

function Choices() {
  const speak = useSpeak()
  const { theme = 'auto', text = 'normal' } = usePreferences()
  const speakIn = (lang: Lang) => {
    prefer({ lang })
    void speakLanguage(lang)
  }
  return (
    <>
      <Choice<Lang> label={speak('settings/language')} value={speak.lang} choose={speakIn} options={[['zh-CN', '中文'], ['en', 'English']]} />
      <Choice<Theme>
        label={speak('settings/theme')}
        value={theme}
        choose={(value) => prefer({ theme: value })}
        options={[['auto', speak('settings/auto')], ['day', speak('settings/day')], ['night', speak('settings/night')], ['sun', speak('settings/sun')]]}
      />
      <Choice<Text>
        label={speak('settings/text')}
        value={text}
        choose={(value) => prefer({ text: value })}
        options={[['normal', speak('settings/textNormal')], ['large', speak('settings/textLarge')], ['larger', speak('settings/textLarger')]]}
      />
    </>
  )
}

interface SettingsProps {
  account: Account
  /** Said before logging out, for instance that duty ends. */
  warning?: string
  leave: () => void | Promise<void>
}

export function Settings({ account, warning, leave }: SettingsProps) {
  const speak = useSpeak()
  const [open, setOpen] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const go = async () => {
    setProblem(null)
    try {
      await leave()
    } catch (error) {
      setProblem(error)
    }
  }
  return (
    <>
      <IconButton aria-label={speak('settings/title')} color="inherit" onClick={() => setOpen(true)}>
        <Glyph name="gear" size={24} />
      </IconButton>
      <Dialog open={open} onClose={() => setOpen(false)} fullWidth maxWidth="xs" aria-labelledby="settings-title">
        <DialogTitle id="settings-title">{speak('settings/title')}</DialogTitle>
        <DialogContent>
          <p style={{ marginBottom: 16 }}>
            <strong>{account.name}</strong>
            <span className="quiet"> · {speak.word('accountRole', account.role)}</span>
          </p>
          <Choices />
          {warning && <p className="quiet">{warning}</p>}
          {problem !== null && (
            <p className="danger" role="alert">
              {speak.problem(problem)}
            </p>
          )}
          <Button fullWidth variant="outlined" color="inherit" href={SECURITY} target="_blank" rel="noopener" sx={{ mb: 1 }}>
            {speak('settings/security')}
          </Button>
          <Button fullWidth variant="outlined" color="inherit" onClick={() => void go()}>
            {speak('settings/logout')}
          </Button>
          <p className="quiet" style={{ marginTop: 12, fontSize: '.875rem' }}>
            {speak('settings/build', { build: __BUILD__ })}
          </p>
        </DialogContent>
        <Foot close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}
