import type { ReactNode } from 'react'

/** A headed part of a record, with what can be done to it. */
export function Part({ id, title, action, children }: { id: string; title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="part">
      <div className="line">
        <h2 id={id}>{title}</h2>
        {action && <span className="end">{action}</span>}
      </div>
      {children}
    </section>
  )
}
