import { LoadFigures } from '../../desk/load/Load'
import { useSpeak } from '../../kernel/i18n'
import '../../desk/load/load.css'
import { Sheet } from './parts'

/** How much every seat has to bear, by the numbers of ISA-18.2; the same figures as at the desk. */
export function Load() {
  const speak = useSpeak()
  return (
    <Sheet title={speak('load/title')}>
      <h2 className="visually-hidden">{speak('load/open')}</h2>
      <LoadFigures />
    </Sheet>
  )
}
