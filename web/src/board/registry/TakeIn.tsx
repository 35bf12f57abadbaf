import Button from '@mui/material/Button'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Account, ImportReport } from '../../generated/http'
import { request } from '../../kernel/api'
import { useSpeak } from '../../kernel/i18n'
import { queryOf } from '../../kernel/pages'
import { Field } from '../../ui/Field'
import { Picker } from '../../ui/Picker'
import { Select } from './Forms'

const SHEETS = ['elders', 'contacts', 'providers', 'responders'] as const
const CRS = ['wgs84', 'gcj02', 'bd09'] as const
const PATIENCE_MS = 90_000

interface Wish {
  sheet: string
  area: string
  crs: string
}

/** Asks the server to look at a list, or to take it in. */
function useTaking() {
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const [report, setReport] = useState<ImportReport | null>(null)
  const forget = () => (setReport(null), setProblem(null))
  const send = async ({ sheet, ...wish }: Wish, file: File, how: { dry_run: boolean; good_rows: boolean }) => {
    setBusy(true)
    setProblem(null)
    const query = queryOf({ ...wish, dry_run: String(how.dry_run), good_rows: String(how.good_rows) })
    try {
      const blob = new Blob([file], { type: file.type || 'text/csv' })
      setReport(await request<ImportReport>(`/imports/${sheet}${query}`, { method: 'POST', blob, timeout: PATIENCE_MS }))
      void queries.invalidateQueries({ queryKey: ['board'] })
    } catch (error) {
      setReport(null)
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return { busy, problem, report, send, forget }
}

function Found({ report }: { report: ImportReport }) {
  const speak = useSpeak()
  const { rows, added, changed, same, refused, unknown, faults } = report
  const told = new Set(faults.map(({ line }) => line)).size
  return (
    <div role="status">
      <p>
        <strong>{speak(report.written ? 'registry/takenIn' : 'registry/lookedAt')}</strong> {speak('registry/importLine', { rows, added, changed, same, refused })}
      </p>
      {unknown.length > 0 && <p className="quiet">{speak('registry/unknownColumns', { columns: unknown.join(speak('registry/and')) })}</p>}
      <ul className="plain faults">
        {faults.map((fault, at) => (
          <li key={at}>{speak.lang === 'en' ? fault.en : fault.zh}</li>
        ))}
      </ul>
      {refused > told && <p className="quiet">{speak('registry/moreFaults', { n: refused - told })}</p>}
    </div>
  )
}

/** A list from one's own disk: looked at line by line first, then taken in, whole or without the bad lines. */
export function TakeIn({ account }: { account: Account }) {
  const speak = useSpeak()
  const taking = useTaking()
  const [wish, setWish] = useState<Wish>({ sheet: 'elders', area: account.division, crs: 'wgs84' })
  const [file, setFile] = useState<File | null>(null)
  const change = (part: Partial<Wish>) => (taking.forget(), setWish({ ...wish, ...part }))
  const send = (dry_run: boolean, good_rows = false) => () => void (file && taking.send(wish, file, { dry_run, good_rows }))
  const choose = ([chosen]: readonly File[]) => (taking.forget(), setFile(chosen ?? null))
  const { report, busy } = taking
  const good = report !== null && !report.written && report.added + report.changed > 0
  return (
    <section aria-labelledby="take-in" className="part">
      <h2 id="take-in">{speak('registry/takeIn')}</h2>
      <p className="quiet">{speak('registry/takeInHint')}</p>
      <div className="take-in">
        <Select label={speak('registry/whichSheet')} value={wish.sheet} options={SHEETS.map((one) => [one, speak.word('sheetName', one)] as const)} change={(sheet) => change({ sheet })} />
        <Field required label={speak('registry/within')} value={wish.area} most={12} change={(area) => change({ area })} />
        <Select label={speak('registry/crs')} value={wish.crs} options={CRS.map((one) => [one, speak.word('crsName', one)] as const)} change={(crs) => change({ crs })} />
      </div>
      <div className="buttons">
        <Picker label={speak('registry/chooseFile')} accept=".csv,.xlsx,.xls,.ods" take={choose}>
          {file ? file.name : speak('registry/chooseFile')}
        </Picker>
        <Button variant={good ? 'outlined' : 'contained'} disabled={!file || busy} onClick={send(true)}>
          {speak(busy ? 'common/sending' : 'registry/look')}
        </Button>
        {good && (
          <Button variant="contained" disabled={busy} onClick={send(false, report.refused > 0)}>
            {speak(report.refused > 0 ? 'registry/takeGood' : 'registry/takeAll')}
          </Button>
        )}
      </div>
      {taking.problem !== null && (
        <p className="danger" role="alert">
          {speak.problem(taking.problem)}
        </p>
      )}
      {report && <Found report={report} />}
    </section>
  )
}
