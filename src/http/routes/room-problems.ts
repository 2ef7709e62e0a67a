/** What the rooms refuse, as problems. Each room's codes are told apart here, so that a new one does not compile. */
import type { AudienceError, CountError, UseError } from '../../audiences/index.ts'
import type { CatalogError } from '../../catalog/index.ts'
import type { PartiesError } from '../../consent/index.ts'
import type {
  AcknowledgeError,
  DecideError,
  PseudonymsError,
  PullError,
  RemovalsError,
  RequestExportError,
} from '../../exports/index.ts'
import type { SegmentError } from '../../segments/index.ts'
import { problem } from '../problem.ts'
import type { Problem } from '../problem.ts'

interface Reused {
  readonly code: 'idempotency-key-reused'
}

export function segmentProblem(error: SegmentError): Problem {
  switch (error.code) {
    case 'segment-unknown':
      return problem('not-found')
    case 'rule-refused':
      return problem(error.code, { diagnostics: error.diagnostics })
    case 'name-invalid':
      return problem(error.code, {
        args: { lengthMax: error.lengthMax },
        errors: [{ pointer: '/name', code: error.code, room: true }],
      })
    case 'name-taken':
      return problem(error.code, { errors: [{ pointer: '/name', code: error.code, room: true }] })
    case 'segment-cycle':
      return problem(error.code, { args: { path: error.path.join(' → ') } })
    case 'idempotency-key-reused':
      return problem(error.code)
  }
}

export const useProblem = (error: UseError): Problem =>
  problem(error.code, {
    errors: [
      {
        pointer: `/use/${error.field}`,
        code: error.code,
        room: true,
        ...(error.suggestions.length === 0 ? {} : { suggestions: error.suggestions }),
      },
    ],
  })

export const countProblem = (error: CountError): Problem =>
  error.code === 'rule-refused'
    ? problem(error.code, { diagnostics: error.diagnostics })
    : useProblem(error)

export function audienceProblem(error: AudienceError): Problem {
  switch (error.code) {
    case 'segment-unknown':
    case 'audience-unknown':
      return problem('not-found')
    case 'audience-finished':
    case 'idempotency-key-reused':
      return problem(error.code)
    case 'purpose-unknown':
    case 'channel-unknown':
    case 'recipient-unknown':
      return useProblem(error)
  }
}

export function catalogProblem(error: CatalogError | Reused): Problem {
  switch (error.code) {
    case 'too-many-categories':
      return problem(error.code, { args: { limit: error.limit } })
    case 'unknown-category':
      return problem('category-unknown', { args: { category: error.category } })
    case 'type-differs':
    case 'category-differs':
    case 'class-differs':
    case 'already-there':
    case 'unknown-id':
      return problem(error.code, { args: { id: error.id } })
    case 'invalid':
      return problem('catalog-invalid', {
        args: { id: error.id, field: error.field },
        errors: [{ pointer: `/${error.field}`, code: 'catalog-invalid', room: true }],
      })
    case 'idempotency-key-reused':
      return problem(error.code)
  }
}

export function partiesProblem(error: PartiesError | Reused): Problem {
  switch (error.code) {
    case 'purpose-unknown':
    case 'channel-unknown':
    case 'recipient-unknown':
      return problem(error.code)
    case 'notice-changed':
      return problem(error.code, { args: { id: error.id, version: error.version } })
    case 'idempotency-key-reused':
      return problem(error.code)
  }
}

export function requestExportProblem(error: RequestExportError): Problem {
  const at = (pointer: string, suggestions: readonly string[] = []) => [
    {
      pointer,
      code: error.code,
      room: true as const,
      ...(suggestions.length === 0 ? {} : { suggestions }),
    },
  ]
  switch (error.code) {
    case 'audience-unknown':
      return problem('not-found')
    case 'audience-not-ready':
    case 'contract-missing':
    case 'idempotency-key-reused':
      return problem(error.code)
    case 'column-unknown':
      return problem(error.code, {
        args: { column: error.column },
        errors: at('/columns', error.suggestions),
      })
    case 'column-not-allowed':
      return problem(error.code, {
        args: { column: error.column, role: error.role },
        errors: at('/columns'),
      })
    case 'expiry-invalid':
      return problem(error.code, { args: { daysMax: error.daysMax }, errors: at('/expiresAt') })
    case 'text-invalid': {
      const { field, lengthMax } = error
      return problem(error.code, { args: { field, lengthMax }, errors: at(`/${field}`) })
    }
  }
}

export function decideProblem(error: DecideError): Problem {
  switch (error.code) {
    case 'export-unknown':
      return problem('not-found')
    case 'reason-invalid':
      return problem(error.code, {
        args: { lengthMax: error.lengthMax },
        errors: [{ pointer: '/reason', code: error.code, room: true }],
      })
    case 'own-request':
    case 'already-decided':
    case 'export-cancelled':
    case 'export-expired':
    case 'export-rejected':
    case 'idempotency-key-reused':
      return problem(error.code)
  }
}

/** What a campaign tool meets. */
export function deliveryProblem(
  error: PullError | RemovalsError | AcknowledgeError | PseudonymsError,
): Problem {
  switch (error.code) {
    case 'export-unknown':
      return problem('not-found')
    case 'export-not-available':
    case 'export-cancelled':
    case 'export-expired':
    case 'cursor-unknown':
    case 'idempotency-key-reused':
      return problem(error.code)
    case 'digest-differs':
      return problem(error.code, {
        args: { rowCount: error.rowCount },
        extra: { rowCount: error.rowCount },
      })
    case 'too-many-ids':
      return problem('too-many-items', { args: { limit: error.max } })
  }
}
