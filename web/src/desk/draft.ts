import { draftsBelow, forgetDrafts } from '../kernel/drafts'
import { useDesk } from './live'

const rootOf = (account: string, incident: string, form = ''): string => [account, incident, form].filter(Boolean).join(' ') + ' '

/** The words of one form about one incident: kept while typed, forgotten once the server has them. */
export function useWords(incident: string, form: string) {
  const { account } = useDesk()
  const root = rootOf(account.id, incident, form)
  return {
    root,
    sent: (done: boolean): boolean => {
      if (done) forgetDrafts(root)
      return done
    },
  }
}

export { useDraft } from '../kernel/drafts'

/** Forms about an incident in which something was typed that nobody has sent. */
export function unfinished(account: string, incident: string): string[] {
  const root = rootOf(account, incident)
  return [...new Set(draftsBelow(root).map((key) => key.slice(root.length).split(' ')[0] ?? ''))]
}

export const drop = (account: string, incident: string): void => forgetDrafts(rootOf(account, incident))
