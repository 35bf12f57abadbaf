import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import { Component, lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { useSpeak } from '../kernel/i18n'
import { prefersMap, rememberMap } from './shown'
import type { Camera, CanvasProps } from './Canvas'
import './map.css'

const Canvas = lazy(() => import('./Canvas'))

class Guard extends Component<{ otherwise: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.otherwise : this.props.children
  }
}

/** Asked once: a screen of a machine without graphics has the list. */
let able: boolean | null = null
const canDraw = (): boolean => (able ??= document.createElement('canvas').getContext('webgl2') !== null)

interface ViewProps extends Omit<CanvasProps, 'camera' | 'failed'> {
  title: string
  /** Steps up and other places to go, before the buttons of the map. */
  ways?: ReactNode
  /** Handed the camera, so that a list can move it. */
  children: (camera: () => Camera | null) => ReactNode
}

/** The map with its buttons above what says the same in words. */
export function View({ title, ways, children, ...scene }: ViewProps) {
  const speak = useSpeak()
  const camera = useRef<Camera | null>(null)
  const [wanted, setWanted] = useState(prefersMap)
  const [failed, setFailed] = useState(!canDraw())
  const drawn = wanted && !failed
  const turn = () => {
    rememberMap(!wanted)
    setWanted(!wanted)
  }
  const cannot = (
    <p className="map-cannot" role="status">
      {speak('map/cannot')}
    </p>
  )
  return (
    <div className="map-pane" data-drawn={drawn}>
      <header className="map-head">
        <h2>{title}</h2>
        {ways}
        <span className="map-tools">
          {drawn && (
            <>
              <IconButton aria-label={speak('map/closer')} onClick={() => camera.current?.closer()}>
                +
              </IconButton>
              <IconButton aria-label={speak('map/farther')} onClick={() => camera.current?.farther()}>
                −
              </IconButton>
              <Button variant="outlined" color="inherit" onClick={() => camera.current?.fit()}>
                {speak('map/fit')}
              </Button>
            </>
          )}
          {!failed && (
            <Button variant="outlined" color="inherit" aria-pressed={!wanted} onClick={turn}>
              {speak('map/listOnly')}
            </Button>
          )}
        </span>
      </header>
      {failed && cannot}
      {drawn && (
        <Guard otherwise={cannot}>
          <Suspense fallback={<p className="map-cannot quiet">{speak('map/loading')}</p>}>
            <Canvas camera={camera} failed={() => setFailed(true)} {...scene} />
          </Suspense>
        </Guard>
      )}
      {children(() => camera.current)}
    </div>
  )
}
