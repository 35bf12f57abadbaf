export type Step = 'find' | 'phone' | 'where' | 'test' | 'sure' | 'over'

export const STEPS = ['find', 'where', 'test', 'sure'] as const

/** Where the installer is: kept in the address, so that a reload in somebody's hall goes on where it was. */
export interface Spot {
  id: string
  step: Step
}

const KNOWN: readonly string[] = [...STEPS, 'over']

export function readSpot(hash: string): Spot {
  const [id = '', step = ''] = hash.replace(/^#/, '').split('/').map(decodeURIComponent)
  if (step === 'phone') return { id: '', step }
  return id && KNOWN.includes(step) ? { id, step: step as Step } : { id: '', step: 'find' }
}

export function spotHash({ id, step }: Spot): string {
  if (step === 'phone') return '#/phone'
  return id && step !== 'find' ? `#${encodeURIComponent(id)}/${step}` : '#'
}
