import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import type { CSSProperties, ReactNode } from 'react'
import { useSpeak } from '../kernel/i18n'
import { useMode } from '../kernel/look'
import { PALETTES, type Palette, SIZES, TEXT_STEPS } from '../kernel/tokens'
import { Notice } from '../ui/Banners'
import { BellMark, Glyph, LevelMark, LevelShape, Tag } from '../ui/Marks'

const LEVELS = [1, 2, 3, 4] as const
const TONES = ['plain', 'alert', 'warn', 'drill', 'good'] as const
const ELDER_STEPS = [18, 22, 26, 30, 36] as const

const words = {
  'zh-CN': {
    title: '银铃的样子',
    colours: '纸、墨、银。颜色留给紧急程度',
    levels: '级别：颜色、形状、文字三样一起说',
    tags: '标签',
    notices: '横幅：一句话说清怎么了、怎么办',
    controls: '按键与输入',
    primary: '主要动作',
    other: '其他动作',
    field: '备注',
    type: '字号',
    sample: '她按了铃，我们就去。',
    sizes: '尺寸（CSS 像素）',
    alert: '与平台的连接断了',
    warn: '声音被浏览器拦住了',
    calm: '正在补上刚才错过的',
    what: '说明与下一步写在这里。',
  },
  en: {
    title: 'The look of Yinling',
    colours: 'Paper, ink and silver. Colour is kept for urgency',
    levels: 'A level is a colour, a shape and a word, always together',
    tags: 'Tags',
    notices: 'Notices: what is the matter and what to do, in one sentence',
    controls: 'What is pressed and filled in',
    primary: 'Main action',
    other: 'Other action',
    field: 'Note',
    type: 'Sizes of text',
    sample: 'She rings, we go.',
    sizes: 'Sizes (CSS pixels)',
    alert: 'The line to the platform is down',
    warn: 'The browser keeps the page silent',
    calm: 'Catching up with what was missed',
    what: 'The reason and the next step stand here.',
  },
} as const

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Swatches({ palette }: { palette: Palette }) {
  const { levels: _, ...colours } = palette
  return (
    <div className="swatches">
      {Object.entries(colours).map(([name, value]) => (
        <div key={name} className="swatch">
          <span style={{ background: value }} />
          <dl>
            <dt>
              <code>--{name}</code>
            </dt>
            <dd className="quiet">{value}</dd>
          </dl>
        </div>
      ))}
    </div>
  )
}

function Levels() {
  const speak = useSpeak()
  return (
    <div className="levels">
      {LEVELS.map((level) => (
        <div key={level} className="level-card" style={{ background: `var(--l${level}-soft)` }}>
          <LevelMark priority={level} />
          <p className="row" style={{ background: `var(--l${level}-fill)`, color: `var(--l${level}-on)`, padding: 8, marginTop: 8 }}>
            <LevelShape priority={level} inverse />
            <strong>{speak.word('level', level)}</strong>
          </p>
        </div>
      ))}
    </div>
  )
}

const size = (px: number): CSSProperties => ({ fontSize: px, lineHeight: 1.5 })

/** Tokens and components on one page, drawn by the very code the screens use. */
export function Look() {
  const { lang } = useSpeak()
  const say = words[lang]
  const mode = useMode()
  return (
    <main className="look">
      <header>
        <BellMark size={44} />
        <h1 className="name">{say.title}</h1>
      </header>
      <Part title={say.levels}>
        <Levels />
      </Part>
      <Part title={say.notices}>
        <Notice tone="alert" title={say.alert}>{say.what}</Notice>
        <Notice tone="warn" title={say.warn}>{say.what}</Notice>
        <Notice tone="calm" title={say.calm}>{say.what}</Notice>
      </Part>
      <Part title={say.controls}>
        <div className="row">
          <Button variant="contained">{say.primary}</Button>
          <Button variant="outlined" color="inherit">{say.other}</Button>
          <Button variant="contained" color="error">
            <Glyph name="phone" /> 120
          </Button>
          <TextField label={say.field} />
        </div>
      </Part>
      <Part title={say.tags}>
        <div className="row">
          {TONES.map((tone) => (
            <Tag key={tone} tone={tone}>
              {tone}
            </Tag>
          ))}
        </div>
      </Part>
      <Part title={say.type}>
        <div className="steps">
          {ELDER_STEPS.map((px) => (
            <p key={px} style={size(px)}>
              {px} · {say.sample}
            </p>
          ))}
        </div>
      </Part>
      <Part title={say.sizes}>
        <pre className="mono">{JSON.stringify({ ...SIZES, text: TEXT_STEPS }, null, 2)}</pre>
      </Part>
      <Part title={say.colours}>
        <Swatches palette={PALETTES[mode]} />
      </Part>
    </main>
  )
}
