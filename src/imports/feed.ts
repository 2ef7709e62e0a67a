/** One use of a file: what to make of its rows, and how to load that. */
import type { Deps } from '../audit/index.ts'
import type { PhysicalCatalog } from '../catalog/index.ts'
import type { ConsentVocabulary } from '../consent/index.ts'
import type { DutyTx } from '../db/index.ts'
import type { Assumed } from './assumed.ts'
import type { CsvRow } from './csv.ts'
import type { Dataset } from './dataset.ts'
import type { FoundValues } from './draft.ts'
import type { FeedCounter, Tally } from './report.ts'

/** Loads what was prepared, in the caller's transaction; may be called again after a rollback. */
export type Load = (tx: DutyTx) => Promise<Tally>

export interface Feed {
  readonly counter: FeedCounter
  /** Called once for each batch, in the order of the file. */
  readonly prepare: (rows: readonly CsvRow[]) => Load
}

/** What every feed is made with, once the catalogue is defined. */
export interface FeedSetup {
  readonly deps: Deps
  readonly dataset: Dataset
  readonly found: FoundValues
  readonly catalog: PhysicalCatalog
  readonly vocabulary: ConsentVocabulary
  readonly assumed: Pick<Assumed, 'categories' | 'notice'>
  /** The moment the import began. */
  readonly now: Date
}
