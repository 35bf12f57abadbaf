import type { OnDuty } from '../generated/http'

/** Words of the wallboard: few, because they are large. */
export const zh = {
  open: '未结求助',
  unclaimed: '没人接',
  nobody: '没人去',
  going: '在路上',
  there: '已见到',
  oldest: '最久',
  late: '超时',
  calm: '没有未结的求助',
  seats: '值守席位',
  ready: '可派人员',
  ofResponders: '共 {n} 人在班',
  uncovered: '{n} 处无人值守',
  above: '由上级值守',
  alarms: '10 分钟报警',
  floods: '{n} 处拥塞',
  circle: '{n} 分钟圈',
  holes: '{n} 处空白',
  online: '设备在线',
  silent: '{n} 台静默超过一天',
  today: '今天求助',
  taken: '接警',
  door: '到门口',
  median: '中位 {time}',
  place: '辖区',
  rest: '其余 {n} 个辖区：未结 {open}，超时 {late}',
  levels: '紧急|加急|当日|预约',
  asOf: '更新于',
  stale: '数据停在 {time}，已过 {age}。正在重新连接…',
  loading: '正在读取…',
  noTicket: '这个网址没有大屏票据。请督导在“大屏”里重新开一块。',
  ended: '这块大屏已停用或到期。请督导在“大屏”里重新开一块。',
  s: '{s} 秒',
  m: '{m} 分',
  ms: '{m} 分 {s} 秒',
  hm: '{h} 小时 {m} 分',
}

export type Words = typeof zh

export const en: Words = {
  open: 'Open incidents',
  unclaimed: 'Not taken',
  nobody: 'Nobody coming',
  going: 'On the way',
  there: 'With the elder',
  oldest: 'Oldest',
  late: 'Past target',
  calm: 'Nothing is open',
  seats: 'Seats on duty',
  ready: 'Ready to go',
  ofResponders: 'of {n} on duty',
  uncovered: '{n} without a seat',
  above: 'level above answers',
  alarms: 'Alarms in 10 min',
  floods: '{n} floods',
  circle: '{n}-minute circle',
  holes: '{n} holes',
  online: 'Devices online',
  silent: '{n} silent for a day',
  today: 'Incidents today',
  taken: 'Taken',
  door: 'At the door',
  median: 'median {time}',
  place: 'Division',
  rest: '{n} more divisions: {open} open, {late} past target',
  levels: 'Emergency|Urgent|Today|Booked',
  asOf: 'As of',
  stale: 'Stopped at {time}, {age} ago. Connecting again…',
  loading: 'Reading…',
  noTicket: 'This address has no ticket. A supervisor can make a new wallboard.',
  ended: 'This wallboard has ended. A supervisor can make a new one.',
  s: '{s} s',
  m: '{m} min',
  ms: '{m} min {s} s',
  hm: '{h} h {m} min',
}

/** A division where nobody has a seat, and nobody is missed either, is its upper level's. */
export const manned = ({ seats, uncovered }: OnDuty, words: Words): string => (seats + uncovered === 0 ? words.above : fill(words.uncovered, { n: uncovered }))

export const fill = (text: string, params: Readonly<Record<string, string | number>>): string => text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))

/** A time, the shorter the longer it is: nobody reads seconds of an hour on a wall. */
export function time(seconds: number | null, words: Words): string {
  if (seconds === null) return '—'
  const whole = Math.round(seconds)
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  if (h > 0) return fill(words.hm, { h, m })
  if (m === 0) return fill(words.s, { s })
  return s === 0 ? fill(words.m, { m }) : fill(words.ms, { m, s })
}
