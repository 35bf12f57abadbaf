import type { Lang, Word } from './words'
import { words } from './words'

export const STAGES = ['recorded', 'seen', 'accepted', 'arrived', 'closed'] as const
export type Stage = (typeof STAGES)[number]

export interface Receipt {
  rev: number
  stage: Stage
  who?: string | null
  eta_s?: number | null
  say?: string | null
  at?: string | null
}

export interface Press {
  eid: string
  attempts: number
  receipts: Receipt[]
}

/** The receipt that stands: the highest revision, whatever order they came in. */
export const latest = (receipts: readonly Receipt[]): Receipt | null =>
  receipts.reduce<Receipt | null>((best, one) => (best && best.rev >= one.rev ? best : one), null)

export const reached = (receipt: Receipt | null, stage: Stage): boolean =>
  receipt !== null && STAGES.indexOf(receipt.stage) >= STAGES.indexOf(stage)

/** What the button says aloud: the platform's own words in Chinese, ours where it has none. */
export function spoken(receipt: Receipt, lang: Lang): string {
  if (lang === 'zh-CN' && receipt.say) return receipt.say
  const say = words(lang)
  if (receipt.stage === 'accepted' && receipt.who) {
    return say('coming', { who: receipt.who, n: Math.max(1, Math.ceil((receipt.eta_s ?? 60) / 60)) })
  }
  return say(receipt.stage satisfies Word)
}
