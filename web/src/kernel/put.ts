import { ApiError } from './api'
import { useSpeak } from './i18n'
import { useOrderOf } from './order'

/** Puts a change; a refusal is said at the field it names where the form shows that field, else below. */
export function usePut(root: string, shown: readonly string[] = []) {
  const speak = useSpeak()
  const { busy, problem, send } = useOrderOf(root)
  const named = problem instanceof ApiError ? (problem.problem.field ?? null) : null
  const at = named !== null && shown.includes(named) ? named : null
  return {
    command: { busy, problem: at === null ? problem : null },
    wrong: (field: string) => (at === field ? speak.problem(problem) : null),
    put: async (path: string, body: unknown) => (await send({ path, method: 'PUT', body })) !== null,
  }
}
