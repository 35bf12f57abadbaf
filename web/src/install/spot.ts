export type Step = 'find' | 'where' | 'test' | 'sure' | 'over'

export const STEPS = ['find', 'where', 'test', 'sure'] as const

/** Where the installer is: kept in the address, so that a reload in somebody's hall goes on where it was. */
export interface Spot {
  id: string
  step: Step
}

const KNOWN: readonly string[] = [...STEPS, 'over']

export function readSpot(hash: string): Spot {
  const [id = '', step = ''] = hash.replace(/^#/, '').split('/').map(decodeURIComponent)
  return id && KNOWN.includes(step) ? { id, step: step as Step } : { id: '', step: 'find' }
}

export const spotHash = ({ id, step }: Spot): string => (id && step !== 'find' ? `#${encodeURIComponent(id)}/${step}` : '#')
