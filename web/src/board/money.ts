/** Fen as yuan, with both decimals. */
export const yuan = (cents: number): string => (cents / 100).toFixed(2)

/** Yuan as somebody types them, in fen; null when that is no amount. */
export function fenOf(yuan: string): number | null {
  return /^\d{1,6}(\.\d{1,2})?$/.test(yuan.trim()) ? Math.round(Number(yuan) * 100) : null
}

const DAY_MS = 86_400_000

/** The day `by` days after one that is written as 2026-11-23. */
export function dayAfter(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10)
}
