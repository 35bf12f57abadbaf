import { useSpeak } from '../../kernel/i18n'
import { useGoing } from './address'
import { FILTERS } from './api'
import { GROUPINGS, STAGES, stageOf } from './stages'

const KINDS = ['sos', 'fall', 'vital', 'inactivity', 'smoke', 'gas', 'water', 'fence_exit', 'sos_unknown', 'welfare'] as const
const LEVELS = ['1', '2', '3', '4'] as const
const SETTLEMENTS = ['urban', 'town', 'rural', 'other'] as const
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour))
const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const

interface ChooseProps {
  name: string
  label: string
  value: string
  options: readonly (readonly [value: string, words: string])[]
  /** What stands for no choice; without it one is always chosen. */
  none?: string
}

export function Choose({ name, label, value, options, none }: ChooseProps) {
  const { set } = useGoing()
  return (
    <label className="choose-one">
      <span>{label}</span>
      <select value={value} onChange={(event) => set({ [name]: event.target.value, cursor: '' })}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}

/** By what the figures are parted, and which incidents are counted. All of it stands in the address. */
export function Filters({ grouping = true }: { grouping?: boolean }) {
  const speak = useSpeak()
  const { given } = useGoing()
  const any = speak('reports/any')
  return (
    <div className="choices no-paper" role="group" aria-label={speak('reports/filters')}>
      {grouping && <Choose name="by" label={speak('reports/by')} value={given['by'] ?? 'division'} options={GROUPINGS.map((one) => [one, speak(`reports/grouping/${one}`)])} />}
      <Choose name="stage" label={speak('reports/stage')} value={stageOf(given['stage'])} options={STAGES.map((one) => [one, speak.word('reportStage', one)])} />
      <Choose name="kind" label={speak('reports/grouping/kind')} value={given['kind'] ?? ''} none={any} options={KINDS.map((one) => [one, speak.word('kind', one)])} />
      <Choose name="priority" label={speak('reports/grouping/priority')} value={given['priority'] ?? ''} none={any} options={LEVELS.map((one) => [one, speak.word('level', one)])} />
      <Choose name="settlement" label={speak('reports/grouping/settlement')} value={given['settlement'] ?? ''} none={any} options={SETTLEMENTS.map((one) => [one, speak.word('settlement', one)])} />
      <Choose name="weekday" label={speak('reports/grouping/weekday')} value={given['weekday'] ?? ''} none={any} options={WEEKDAYS.map((one) => [one, speak.word('weekday', one)])} />
      <Choose name="hour" label={speak('reports/grouping/hour')} value={given['hour'] ?? ''} none={any} options={HOURS.map((one) => [one, speak('reports/hour', { from: one, to: Number(one) + 1 })])} />
      <Others />
    </div>
  )
}

const CHOSEN_ABOVE = new Set(['kind', 'priority', 'weekday', 'hour', 'settlement'])

/** Filters that came with a link: each says what it is, and goes in one click. */
function Others() {
  const speak = useSpeak()
  const { given, set } = useGoing()
  const others = FILTERS.filter((name) => !CHOSEN_ABOVE.has(name) && given[name])
  return (
    <>
      {others.map((name) => (
        <button key={name} type="button" className="chosen-filter" onClick={() => set({ [name]: '', cursor: '' })}>
          {speak(`reports/grouping/${name}`)} {given[name]} <span aria-hidden="true">×</span>
          <span className="visually-hidden">{speak('reports/takeOut')}</span>
        </button>
      ))}
    </>
  )
}
