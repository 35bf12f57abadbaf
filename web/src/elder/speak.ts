import type { Lang } from './words'

const synth = typeof speechSynthesis === 'undefined' ? null : speechSynthesis

export const canSpeak = synth !== null

/** Says it at once; whatever was being said is over. */
export function speak(text: string, lang: Lang, ended?: () => void): void {
  if (!synth || !text) return
  synth.cancel()
  const voice = new SpeechSynthesisUtterance(text)
  voice.lang = lang
  voice.rate = 0.9
  if (ended) voice.onend = voice.onerror = ended
  synth.speak(voice)
}

export const hush = (): void => synth?.cancel()
