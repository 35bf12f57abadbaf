import { BarChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components'
import { type EChartsType, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { FONT, type Palette } from '../../kernel/tokens'

use([BarChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, SVGRenderer])

export interface Drawing {
  /** What each line of bars is of, from the top. */
  names: readonly string[]
  /** A bar each: told apart by pattern and by the value written at its end, not by colour alone. */
  series: readonly { name: string; values: readonly (number | null)[] }[]
  /** Where it should be, with the words on the mark. */
  aim: { at: number; words: string } | null
  words: (value: number) => string
  palette: Palette
}

const ROW_PX = 26
const EDGES_PX = 76

export const heightOf = ({ names, series }: Pick<Drawing, 'names' | 'series'>): number => names.length * (series.length * ROW_PX + 14) + EDGES_PX

function optionOf({ names, series, aim, words, palette }: Drawing) {
  const fills = [palette.act, palette.silver, palette.sunk]
  const text = { color: palette.ink, fontFamily: FONT, fontSize: 14 }
  return {
    animation: false,
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    grid: { left: 8, right: 96, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, textStyle: text, selectedMode: false },
    xAxis: { type: 'value', min: 0, axisLabel: { ...text, formatter: words, hideOverlap: true }, splitLine: { lineStyle: { color: palette.line } } },
    yAxis: { type: 'category', inverse: true, data: [...names], axisLabel: { ...text, width: 160, overflow: 'truncate' }, axisLine: { lineStyle: { color: palette.edge } } },
    series: series.map(({ name, values }, n) => ({
      type: 'bar',
      name,
      data: values.map((value) => value ?? '-'),
      barMaxWidth: 18,
      itemStyle: { color: fills[n % fills.length], borderColor: palette.ink2, borderWidth: 1 },
      label: { show: true, position: 'right', ...text, formatter: ({ value }: { value: unknown }) => (typeof value === 'number' ? words(value) : '') },
      ...(n === 0 && aim
        ? { markLine: { silent: true, symbol: 'none', data: [{ xAxis: aim.at }], lineStyle: { color: palette.ink, type: 'dashed', width: 2 }, label: { ...text, formatter: aim.words, position: 'insideEndTop' } } }
        : {}),
    })),
  }
}

/** Draws into a place, and gives back what redraws it and what ends it. */
export function drawIn(place: HTMLElement): { draw: (drawing: Drawing) => void; end: () => void } {
  const chart: EChartsType = init(place, null, { renderer: 'svg' })
  const sized = new ResizeObserver(() => chart.resize())
  sized.observe(place)
  return {
    draw: (drawing) => {
      chart.resize({ height: heightOf(drawing) })
      chart.setOption(optionOf(drawing), { notMerge: true })
    },
    end: () => {
      sized.disconnect()
      chart.dispose()
    },
  }
}
