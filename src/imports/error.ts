/** What stops an import. Rows that are wrong do not: they are counted and listed. */
import type { CatalogError } from '../catalog/index.ts'
import type { PartiesError } from '../consent/index.ts'

export type ImportError =
  | { readonly code: 'no-dataset'; readonly folder: string }
  /** `pointer` is a JSON pointer (RFC 6901) into dataset.json; empty for a text that is no JSON. */
  | { readonly code: 'dataset-invalid'; readonly pointer: string; readonly cause: string }
  | { readonly code: 'file-missing'; readonly file: string; readonly folders: readonly string[] }
  | { readonly code: 'file-unreadable'; readonly file: string; readonly cause: string }
  | { readonly code: 'file-empty'; readonly file: string }
  | { readonly code: 'file-changed'; readonly file: string }
  | {
      readonly code: 'column-missing' | 'column-twice'
      readonly file: string
      readonly column: string
    }
  | { readonly code: 'columns-too-many'; readonly file: string; readonly limit: number }
  | { readonly code: 'gzip-truncated' | 'gzip-broken'; readonly file: string }
  | {
      readonly code: 'not-utf8' | 'csv-quotes' | 'line-too-long'
      readonly file: string
      readonly line: number
    }
  | {
      readonly code: 'values-too-many' | 'parties-too-many'
      readonly file: string
      readonly column: string
      readonly limit: number
    }
  | { readonly code: 'catalog-refused'; readonly cause: CatalogError }
  | { readonly code: 'parties-refused'; readonly cause: PartiesError }
  | { readonly code: 'rejects-unwritable'; readonly file: string; readonly cause: string }
  | { readonly code: 'interrupted' }

/** One sentence for whoever runs the import. */
export function importErrorSentence(error: ImportError): string {
  switch (error.code) {
    case 'no-dataset':
      return `the folder ${error.folder} has no dataset.json`
    case 'dataset-invalid':
      return `dataset.json is not right${error.pointer === '' ? '' : ` at ${error.pointer}`}: ${error.cause}`
    case 'file-missing':
      return `the file ${error.file} is in none of these folders: ${error.folders.join(', ')}`
    case 'file-unreadable':
      return `the file ${error.file} cannot be read: ${error.cause}`
    case 'file-empty':
      return `the file ${error.file} has no header row`
    case 'file-changed':
      return `the file ${error.file} was changed while it was read; import it again when it is complete`
    case 'column-missing':
      return `the file ${error.file} has no column ${error.column}`
    case 'column-twice':
      return `the file ${error.file} has the column ${error.column} more than once`
    case 'columns-too-many':
      return `the file ${error.file} has more than ${error.limit} columns`
    case 'gzip-truncated':
      return `the file ${error.file} ends in the middle of its compressed data; it was cut off`
    case 'gzip-broken':
      return `the file ${error.file} is not sound gzip data`
    case 'not-utf8':
      return `the file ${error.file} is not UTF-8 text near line ${error.line}; save it as UTF-8`
    case 'csv-quotes':
      return `the file ${error.file} has a quote in the wrong place near line ${error.line}`
    case 'line-too-long':
      return `the file ${error.file} has a row of more than a million bytes at line ${error.line}; a quote may not be closed`
    case 'values-too-many':
      return `the column ${error.column} of ${error.file} has more than ${error.limit} different values; give it the type text`
    case 'parties-too-many':
      return `the column ${error.column} of ${error.file} names more than ${error.limit} purposes or channels; declare them in dataset.json under parties, or name the right column`
    case 'catalog-refused':
      return `the catalogue does not take this dataset: ${catalogSentence(error.cause)}`
    case 'parties-refused':
      return error.cause.code === 'notice-changed'
        ? `the notice ${error.cause.id} ${error.cause.version} has another text already; give the new text a new version`
        : `the parties of this dataset name ${error.cause.id}, which nobody declares (${error.cause.code})`
    case 'rejects-unwritable':
      return `the list of rejected rows cannot be written to ${error.file}: ${error.cause}`
    case 'interrupted':
      return 'the import was stopped; import the folder again to complete it'
  }
}

function catalogSentence(error: CatalogError): string {
  switch (error.code) {
    case 'too-many-categories':
      return `there may be ${error.limit} categories`
    case 'unknown-category':
      return `${error.id} is of the category ${error.category}, which has no class`
    case 'type-differs':
      return `${error.id} has another type already`
    case 'category-differs':
      return `${error.id} has another category already`
    case 'class-differs':
      return `${error.id} has another class already`
    case 'already-there':
      return `${error.id} is there already`
    case 'unknown-id':
      return `${error.id} is unknown`
    case 'invalid':
      return `the ${error.field} of ${error.id} cannot be used`
  }
}

/** Carries an error out of a stream; caught where the import begins. */
export class ImportStopped extends Error {
  readonly reason: ImportError
  constructor(reason: ImportError) {
    super(reason.code)
    this.reason = reason
  }
}
