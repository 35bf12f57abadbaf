import { draftsBelow, forgetDrafts } from '../kernel/drafts'

export { useDraft } from '../kernel/drafts'

/** Below which the words of one form about one incident are kept while typed. */
export const wordsOf = (incident: string, form: string): string => `${incident} ${form} `

/** Forms about an incident in which something was typed that nobody has sent. */
export function unfinished(incident: string): string[] {
  return [...new Set(draftsBelow(`${incident} `).map((key) => key.split(' ')[1] ?? ''))]
}

export const drop = (incident: string): void => forgetDrafts(`${incident} `)
