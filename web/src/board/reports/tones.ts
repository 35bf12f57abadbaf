import { levelOf, PATTERNS, render } from '../../kernel/ring/pattern'

const LOUD = 0.4

/** The tones of what is told again: struck once, apart from the bell, which a desk in another tab must keep. */
export class Tones {
  private context: AudioContext | null = null

  /** Must run inside a tap or a key press. */
  async open(): Promise<void> {
    this.context ??= new AudioContext()
    await this.context.resume()
  }

  strike(priority: number): void {
    if (this.context?.state !== 'running') return
    const { sampleRate, destination } = this.context
    const samples = render(PATTERNS[levelOf(priority)], sampleRate)
    const buffer = this.context.createBuffer(1, samples.length, sampleRate)
    buffer.copyToChannel(samples, 0)
    const source = this.context.createBufferSource()
    source.buffer = buffer
    const gain = this.context.createGain()
    gain.gain.value = LOUD
    source.connect(gain).connect(destination)
    source.start()
  }

  close(): void {
    void this.context?.close()
    this.context = null
  }
}
