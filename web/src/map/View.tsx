import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import { Component, lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { NetworkError, unreached } from '../kernel/api'
import { useSpeak } from '../kernel/i18n'
import { prefersMap, rememberMap } from './shown'
import type { Camera, CanvasProps } from './Canvas'
// not with the canvas: a style sheet that could not be fetched is never asked for again
import 'maplibre-gl/dist/maplibre-gl.css'
import './map.css'

const fetched = () => lazy(() => import('./Canvas').catch(unreached))
let Canvas = fetched()

type Failure = 'cannot' | 'unfetched'

class Guard extends Component<{ failed: (fault: unknown) => void; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override componentDidCatch(fault: unknown) {
    this.props.failed(fault)
  }

  override render() {
    return this.state.broken ? null : this.props.children
  }
}

/** Once it could, it is not asked again; a machine whose graphics are only away for a moment is. */
let able = false
const canDraw = (): boolean => (able ||= document.createElement('canvas').getContext('webgl2') !== null)

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
  const [failure, setFailure] = useState<Failure | null>(canDraw() ? null : 'cannot')
  const drawn = wanted && failure === null
  const turn = () => {
    rememberMap(!wanted)
    setWanted(!wanted)
  }
  const failed = (fault: unknown) => setFailure(fault instanceof NetworkError ? 'unfetched' : 'cannot')
  const again = () => {
    Canvas = fetched()
    setFailure(canDraw() ? null : 'cannot')
  }
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
          {failure === null && (
            <Button variant="outlined" color="inherit" aria-pressed={!wanted} onClick={turn}>
              {speak('map/listOnly')}
            </Button>
          )}
        </span>
      </header>
      {failure !== null && (
        <p className="map-cannot" role="status">
          {speak(`map/${failure}`)}{' '}
          <Button variant="outlined" color="inherit" onClick={again}>
            {speak('common/retry')}
          </Button>
        </p>
      )}
      {drawn && (
        <Guard failed={failed}>
          <Suspense fallback={<p className="map-cannot quiet">{speak('map/loading')}</p>}>
            <Canvas camera={camera} failed={failed} {...scene} />
          </Suspense>
        </Guard>
      )}
      {children(() => camera.current)}
    </div>
  )
}
