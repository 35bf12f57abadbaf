import type { FigureGroup, StageFigures } from '../../generated/http'
import type { Speak } from '../../kernel/i18n'

export const STAGES = ['recorded', 'rung', 'taken', 'offered', 'accepted', 'departed', 'arrived', 'with_elder', 'closed'] as const
export type Stage = (typeof STAGES)[number]
export const GROUPINGS = ['division', 'month', 'day', 'weekday', 'hour', 'kind', 'priority', 'provider', 'responder', 'model', 'cls', 'settlement'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** The stage in the address; how long until somebody is at the door, where none is named. */
export const stageOf = (given: string | undefined): Stage => STAGES.find((one) => one === given) ?? 'arrived'

export const figuresOf = (group: FigureGroup, stage: Stage): StageFigures | undefined => group.stages.find((one) => one.stage === stage)

const CODED: Partial<Record<string, 'kind' | 'level' | 'weekday' | 'alarmClass' | 'settlement'>> = { kind: 'kind', priority: 'level', weekday: 'weekday', cls: 'alarmClass', settlement: 'settlement' }

/** What a line is of, in words. */
export function nameOf(group: FigureGroup, by: string | null, speak: Speak): string {
  if (group.rest > 0) return speak('reports/rest', { n: group.rest })
  if (group.name) return group.name
  if (group.key === null) return speak('reports/unknown')
  if (by === 'hour') return speak('reports/hour', { from: group.key, to: Number(group.key) + 1 })
  const coded = CODED[by ?? '']
  return coded ? speak.word(coded, group.key) : group.key
}
