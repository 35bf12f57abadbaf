import type { ReactNode } from 'react'
import { useSpeak } from '../kernel/i18n'
import { levelOf } from '../kernel/ring/pattern'

const SHAPES = {
  1: 'M8.400 1.500h7.200l6.900 6.900v7.200l-6.900 6.900H8.400l-6.900-6.900V8.400z',
  2: 'M12 1.500 23.200 21.500H.8z',
  3: 'M2.500 2.500h19v19h-19z',
  4: 'M12 1.500a10.500 10.500 0 1 0 0 21 10.500 10.500 0 0 0 0-21z',
} as const

interface ShapeProps {
  priority: number
  size?: number
  /** On a band that already has the level's colour. */
  inverse?: boolean
}

/** Octagon, triangle, square, circle, with the level's number: told apart without colour. */
export function LevelShape({ priority, size = 24, inverse = false }: ShapeProps) {
  const level = levelOf(priority)
  const fill = inverse ? `var(--l${level}-on)` : `var(--l${level}-fill)`
  const ink = inverse ? `var(--l${level}-fill)` : `var(--l${level}-on)`
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={SHAPES[level]} fill={fill} />
      <text x="12" y={level === 2 ? 19 : 17} textAnchor="middle" fontSize={level === 2 ? 12 : 14} fontWeight="700" fill={ink}>
        {level}
      </text>
    </svg>
  )
}

export function LevelMark({ priority, size }: ShapeProps) {
  const speak = useSpeak()
  return (
    <span className="level" data-level={levelOf(priority)}>
      <LevelShape priority={priority} {...(size ? { size } : {})} />
      {speak.word('level', levelOf(priority))}
    </span>
  )
}

/** The silver bell. */
export function BellMark({ size = 32, swing = false }: { size?: number; swing?: boolean }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true" className={swing ? 'swing' : undefined}>
      <defs>
        <linearGradient id="silver" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#dfe5ea" />
          <stop offset=".45" stopColor="#97a3b0" />
          <stop offset="1" stopColor="#55616e" />
        </linearGradient>
      </defs>
      <path
        d="M24 7c-7.300 0-11.700 5.500-11.700 13.200 0 7.300-2 10.400-4.600 12.600-.9.800-.3 2.200.8 2.200h31c1.100 0 1.700-1.400.8-2.200-2.600-2.200-4.600-5.300-4.600-12.600C35.700 12.500 31.300 7 24 7Z"
        fill="url(#silver)"
      />
      <path d="M8 35h32" stroke="var(--ink)" strokeWidth="1.600" strokeLinecap="round" opacity=".55" />
      <circle cx="24" cy="40" r="3.400" fill="url(#silver)" />
      <circle cx="24" cy="5.500" r="2.600" fill="url(#silver)" />
    </svg>
  )
}

export type TagTone = 'plain' | 'alert' | 'warn' | 'drill' | 'good'

export function Tag({ tone = 'plain', title, children }: { tone?: TagTone; title?: string; children: ReactNode }) {
  return (
    <span className="tag" data-tone={tone} title={title}>
      {children}
    </span>
  )
}

const GLYPHS = {
  tick: 'M4 12.500 9.500 18 20 6.500',
  cross: 'M6 6l12 12M18 6 6 18',
  gear: 'M4 7h8M16 7h4M14 4.500v5M4 17h4M12 17h8M10 14.500v5',
  phone: 'M6 3h4l2 5-2.500 1.500a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z',
  back: 'M15 5l-7 7 7 7',
  warn: 'M12 3 22 20H2zM12 10v4M12 17v.500',
  pin: 'M12 21s7-6.200 7-11.500A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21zM12 7v5',
  wait: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2',
  mute: 'M4 9v6h4l5 4V5L8 9zM17 9l5 6M22 9l-5 6',
  freeze: 'M8 5v14M16 5v14',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z',
  more: 'M5 12h.010M12 12h.010M19 12h.010',
  mic: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3',
} as const

export function Glyph({ name, size = 20 }: { name: keyof typeof GLYPHS; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
      <path d={GLYPHS[name]} />
    </svg>
  )
}
