import { type ReactNode, useId } from 'react'
import { useSpeak } from '../../kernel/i18n'
import { Tag } from '../../ui/Marks'

interface PartProps {
  title: string
  /** Wanted for this visit; otherwise it may be left out. */
  needed: boolean
  children: ReactNode
}

/** One thing to hand in. */
export function Part({ title, needed, children }: PartProps) {
  const speak = useSpeak()
  const id = useId()
  return (
    <section className="part" aria-labelledby={id}>
      <h3 id={id}>
        {title} {needed ? <Tag tone="warn">{speak('handin/needed')}</Tag> : <span className="quiet small">{speak('common/optional')}</span>}
      </h3>
      {children}
    </section>
  )
}
