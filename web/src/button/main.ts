import { type Mode, variables } from '../kernel/tokens'
import './button.css'
import { latest, type Press, type Receipt, reached, spoken, type Stage, STAGES } from './progress'
import { type Lang, type Word, words } from './words'

interface Device {
  id: string
  elder_masked?: string | null
  elder?: string | null
  place?: string | null
  home?: string | null
}

const POLL_MS = 500
const KINDS = ['sos', 'fall', 'smoke'] as const

let lang: Lang = /^en/i.test(navigator.language) ? 'en' : 'zh-CN'
let devices: Device[] = []
let press: Press | null = null
let sending = false
let failed: Word | null = null
let told = ''
let timer: ReturnType<typeof setTimeout> | null = null

const root = document.getElementById('root') as HTMLElement
const say = (word: Word, params?: Record<string, string | number>) => words(lang)(word, params)

type Child = Node | string | null | false

function el<K extends keyof HTMLElementTagNameMap>(tag: K, props: Record<string, string>, ...children: Child[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value)
  node.append(...children.filter((child): child is Node | string => child !== null && child !== false))
  return node
}

async function json<T>(path: string, body?: unknown): Promise<T> {
  const out = body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(path, out)
  if (!response.ok) throw new Error(String(response.status))
  return (await response.json()) as T
}

const nameOf = (device: Device): string =>
  [device.elder_masked ?? device.elder ?? device.id, device.place ?? device.home].filter(Boolean).join(' · ')

function value(id: string): string {
  return (document.getElementById(id) as HTMLSelectElement | null)?.value ?? ''
}

async function pressIt(): Promise<void> {
  const [device, kind] = [value('device'), value('kind')]
  if (!device || sending) return
  sending = true
  failed = null
  draw()
  navigator.vibrate?.(60)
  try {
    const { eid } = await json<{ eid: string }>('/demo/press', { device, kind })
    press = { eid, attempts: 1, receipts: [] }
    told = ''
    follow(eid)
  } catch {
    failed = 'failed'
  }
  sending = false
  draw()
}

function follow(eid: string): void {
  if (timer) clearTimeout(timer)
  const look = async () => {
    try {
      const now = await json<Press>(`/demo/presses/${encodeURIComponent(eid)}`)
      if (press?.eid !== eid) return
      press = now
      draw()
      tell(latest(now.receipts))
      if (latest(now.receipts)?.stage === 'closed') return
    } catch {
      // the next look may do better
    }
    if (press?.eid === eid) timer = setTimeout(() => void look(), POLL_MS)
  }
  void look()
}

function tell(receipt: Receipt | null): void {
  if (!receipt) return
  const text = spoken(receipt, lang)
  if (text === told) return
  told = text
  const aloud = document.getElementById('aloud') as HTMLInputElement | null
  if (!('speechSynthesis' in window) || aloud?.checked === false) return
  const voice = new SpeechSynthesisUtterance(text)
  voice.lang = lang
  voice.rate = 0.9
  speechSynthesis.speak(voice)
}

function stageWords(stage: Stage, receipt: Receipt | null): string {
  const who = [...(press?.receipts ?? [])].reverse().find((one) => one.who)
  if (stage === 'accepted' && who?.who && reached(receipt, 'arrived')) return say('came', { who: who.who })
  if (stage === 'accepted' && who?.who && reached(receipt, 'accepted')) {
    return say('coming', { who: who.who, n: Math.max(1, Math.ceil((who.eta_s ?? 60) / 60)) })
  }
  return say(stage)
}

function timeOf(stage: Stage): string {
  const at = press?.receipts.find((one) => one.stage === stage)?.at
  return at ? new Intl.DateTimeFormat(lang, { timeStyle: 'medium' }).format(new Date(at)) : ''
}

function stages(): HTMLElement {
  const receipt = press ? latest(press.receipts) : null
  const items = STAGES.map((stage) => {
    const done = reached(receipt, stage)
    return el('li', { 'data-done': String(done), 'data-now': String(receipt?.stage === stage) },
      el('span', { class: 'dot', 'aria-hidden': 'true' }, done ? '✓' : ''),
      el('span', { class: 'what' }, stageWords(stage, receipt)),
      el('time', {}, done ? timeOf(stage) : ''))
  })
  return el('ol', { class: 'stages', 'aria-label': say('progress') }, ...items)
}

function fields(): HTMLElement {
  const chosen = value('device') || new URLSearchParams(location.search).get('device') || ''
  const device = el('select', { id: 'device' }, ...devices.map((one) => option(one.id, nameOf(one), chosen)))
  const kind = el('select', { id: 'kind' }, ...KINDS.map((one) => option(one, say(one), value('kind'))))
  return el('div', { class: 'fields' },
    el('label', { for: 'device' }, say('who')), device,
    el('label', { for: 'kind' }, say('kind')), kind)
}

function option(id: string, text: string, chosen: string): HTMLOptionElement {
  return el('option', id === chosen ? { value: id, selected: '' } : { value: id }, text)
}

function status(): string {
  if (failed) return say(failed)
  if (!press) return ''
  const receipt = latest(press.receipts)
  return receipt ? spoken(receipt, lang) : `${say('sending')} ${say('attempts', { n: press.attempts })}`
}

// One button for the life of the page: a redraw under a finger would lose the press.
const bell = el('button', { type: 'button', class: 'sos' })
bell.addEventListener('click', () => void pressIt())

function nameBell(): void {
  bell.setAttribute('aria-label', say('pressHint'))
  bell.toggleAttribute('aria-busy', sending)
  bell.replaceChildren(el('span', { class: 'shape', 'aria-hidden': 'true' }, 'SOS'), el('span', {}, say(press ? 'again' : 'press')))
}

function aloud(): HTMLElement | null {
  if (!('speechSynthesis' in window)) return null
  const old = document.getElementById('aloud') as HTMLInputElement | null
  const box = el('input', { type: 'checkbox', id: 'aloud' })
  box.checked = old?.checked ?? true
  return el('label', { class: 'aloud' }, box, say('aloud'))
}

function language(): HTMLElement {
  const other = lang === 'en' ? 'zh-CN' : 'en'
  const button = el('button', { type: 'button', class: 'lang', lang: other }, say('other'))
  button.addEventListener('click', () => {
    lang = other
    draw()
  })
  return button
}

const head = el('header', {})
const lead = el('p', { class: 'lead' })
const form = el('div', { class: 'form' })
const live = el('p', { class: 'live', role: 'status' })
const track = el('div', {})
const foot = el('footer', {})
let drawn = ''

// The form is drawn once per language and list, so that a press never loses what was chosen; the rest follows the receipts.
function drawFrame(): void {
  const frame = `${lang} ${devices.length}`
  if (frame === drawn) return
  drawn = frame
  document.documentElement.lang = lang
  document.title = say('title')
  head.replaceChildren(el('h1', {}, say('title')), language())
  lead.textContent = say('lead')
  form.replaceChildren(devices.length > 0 ? fields() : el('p', { class: 'live' }, say('none')))
  foot.replaceChildren(aloud() ?? '')
}

function draw(): void {
  drawFrame()
  nameBell()
  const text = status()
  if (live.textContent !== text) live.textContent = text
  track.replaceChildren(press ? stages() : '')
}

function look(): void {
  const mode: Mode = matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'day'
  for (const [name, text] of Object.entries(variables(mode, 'field'))) document.documentElement.style.setProperty(name, text)
}

async function start(): Promise<void> {
  look()
  root.replaceChildren(head, el('main', {}, lead, form, bell, live, track), foot)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', look)
  draw()
  for (;;) {
    try {
      devices = await json<Device[]>('/demo/devices')
      return draw()
    } catch {
      await new Promise((done) => setTimeout(done, 2_000))
    }
  }
}

void start()
