import Button from '@mui/material/Button'
import { type ReactNode, useState } from 'react'
import type { IncidentRow, IncidentView } from '../generated/http'
import { useSpeak } from '../kernel/i18n'
import { Notice } from '../ui/Banners'
import { Glyph } from '../ui/Marks'
import { Best } from './Best'
import type { Command } from './commands'
import { drop, unfinished } from './draft'
import { Classify, Close, Escalate, FalseAlarm, NoteForm, Relocate, StandDown } from './Forms'
import { type Keyed, useKeys } from './keys'
import { Merge, Reopen, Split } from './MergeForms'
import { Send } from './Send'
import { SpeakForm } from './Speak'

const FORMS = {
  best: Best,
  people: Send,
  note: NoteForm,
  classify: Classify,
  escalate: Escalate,
  standDown: StandDown,
  falseAlarm: FalseAlarm,
  close: Close,
  speak: SpeakForm,
  relocate: Relocate,
  merge: Merge,
  split: Split,
  reopen: Reopen,
}
type Form = keyof typeof FORMS

/** In the order of the work: send, tell others, write down, end. */
const FIRST: readonly Form[] = ['best', 'people', 'note', 'classify', 'escalate', 'standDown', 'falseAlarm', 'close']
const LATER: readonly Form[] = ['speak', 'relocate', 'merge', 'split']
const RARE = new Set<Form>(LATER)
const RED = new Set<Form>(['standDown'])
const KEYED: Partial<Record<Form, string>> = { best: 'b', people: 'p', note: 'n', classify: 'l', escalate: 'u', standDown: 'x', falseAlarm: 'a', close: 'z' }

const QUICK = new Set<Form>(['best', 'falseAlarm', 'speak'])
const TURNS = new Set<Form>(['people', 'merge', 'split', 'reopen'])

function wordOf(name: Form) {
  if (QUICK.has(name)) return `quick/${name as 'best'}` as const
  return TURNS.has(name) ? (`actions/${name as 'merge'}` as const) : (`action/${name as 'note'}` as const)
}

interface ActionsProps {
  row: IncidentRow
  view: IncidentView | null
  command: Command
}

function List({ row }: { row: IncidentRow }) {
  const speak = useSpeak()
  if (row.kind === 'outage' && row.outage) {
    return (
      <Button variant="contained" href={`/devices#outages/${row.outage}`} target="yinling-devices">
        {speak('desk/rollCall')}
      </Button>
    )
  }
  if (row.kind !== 'mass') return null
  return (
    <Button variant="contained" href={`/board#mass/${encodeURIComponent(row.incident)}`} target="yinling-board">
      {speak('mass/title')}
    </Button>
  )
}

/** The letter of an action, for the eye; readers of the screen are told by aria-keyshortcuts. */
function Key({ children }: { children: ReactNode }) {
  return (
    <kbd aria-hidden="true" className="key">
      {children}
    </kbd>
  )
}

const focusOn = (selector: string): void => {
  const place = document.querySelector<HTMLElement>(selector)
  place?.scrollIntoView({ block: 'center' })
  place?.focus({ preventScroll: true })
}

/** Telephones whoever has the digit; the focus waits at the results. */
function dial(digit: number): void {
  const telephone = document.querySelector<HTMLElement>(`[data-call="${digit}"] a.tel`)
  telephone?.focus()
  telephone?.click()
}

const CALLS: Keyed = {
  ...Object.fromEntries([0, 1, 2, 3].map((digit) => [String(digit), () => dial(digit)])),
  '9': () => focusOn('#p-handoff'),
  g: () => focusOn('#p-guide'),
}

interface UnfinishedProps {
  row: IncidentRow
  /** Forms that can be opened here. */
  among: readonly Form[]
  open: (form: Form) => void
}

function Unfinished({ row, among, open }: UnfinishedProps) {
  const speak = useSpeak()
  const [, again] = useState(0)
  const typed = unfinished(row.incident)
  const forms = among.filter((form) => typed.includes(form))
  const [first] = forms
  if (!first) return null
  const action = (
    <span className="choose">
      <Button variant="outlined" color="inherit" onClick={() => open(first)}>
        {speak('drafts/resume')}
      </Button>
      <Button color="inherit" onClick={() => (drop(row.incident), again((n) => n + 1))}>
        {speak('drafts/drop')}
      </Button>
    </span>
  )
  return (
    <Notice tone="calm" title={speak('drafts/title')} action={action}>
      {speak('drafts/body', { forms: forms.map((form) => speak(wordOf(form))).join(' · ') })}
    </Notice>
  )
}

/** Each action asks once, in words; taking an incident needs no asking. What is rare is behind one more button. */
export function Actions({ row, view, command }: ActionsProps) {
  const speak = useSpeak()
  const [form, setForm] = useState<Form | null>(null)
  const [all, setAll] = useState(false)
  const Asked = form && FORMS[form]
  const claim = row.holder_account === null ? () => void command.send('claim') : undefined
  const forms = Object.fromEntries(Object.entries(KEYED).map(([name, key]) => [key, () => setForm(name as Form)]))
  useKeys({ ...CALLS, ...forms, c: claim })
  const shown = [...FIRST, ...(all ? LATER : [])].filter((name) => name !== 'speak' || row.device !== null)
  return (
    <>
      <div className="actions" role="toolbar" aria-label={speak('panel/actions')}>
        {claim && (
          <Button variant="contained" className="primary" aria-keyshortcuts="C" disabled={command.busy !== null} onClick={claim}>
            {speak('desk/claim')} <Key>C</Key>
          </Button>
        )}
        {!row.drill && (
          <Button variant="outlined" color="error" aria-keyshortcuts="9" aria-label={speak('quick/rescueLabel')} startIcon={<Glyph name="phone" size={18} />} onClick={() => focusOn('#p-handoff')}>
            {speak('quick/rescue')} <Key>9</Key>
          </Button>
        )}
        {shown.map((name) => (
          <Button key={name} variant="outlined" color={RED.has(name) ? 'error' : 'inherit'} aria-keyshortcuts={KEYED[name]?.toUpperCase()} onClick={() => setForm(name)}>
            {speak(wordOf(name))} {!RARE.has(name) && <Key>{KEYED[name]?.toUpperCase()}</Key>}
          </Button>
        ))}
        <Button color="inherit" aria-expanded={all} onClick={() => setAll(!all)}>
          {speak(all ? 'actions/less' : 'actions/more')}
        </Button>
        <List row={row} />
        {Asked && <Asked row={row} view={view} command={command} close={() => setForm(null)} />}
      </div>
      {!form && <Unfinished row={row} among={[...FIRST, ...LATER]} open={setForm} />}
    </>
  )
}

/** What has ended can go on. */
export function EndedActions({ row, view, command }: ActionsProps) {
  const speak = useSpeak()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <div className="actions" role="toolbar" aria-label={speak('panel/actions')}>
        <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
          {speak('actions/reopen')}
        </Button>
        {asking && <Reopen row={row} view={view} command={command} close={() => setAsking(false)} />}
      </div>
      {!asking && <Unfinished row={row} among={['reopen']} open={() => setAsking(true)} />}
    </>
  )
}
