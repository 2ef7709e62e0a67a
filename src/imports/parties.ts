/** Purposes, channels, notices, recipients and contracts, as a dataset declares them. */
import { z } from 'zod'
import type { PartiesDraft } from '../consent/index.ts'
import { instantMs } from '../profiles/index.ts'

const label = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) })
const dotted = z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/)
const instant = z.string().refine((text) => instantMs(text) !== undefined, {
  message: 'must be a time such as 2026-01-01T00:00:00Z',
})

const purpose = z.strictObject({
  id: dotted,
  label,
  kind: z.enum(['marketing', 'price_offer', 'service']).optional(),
  /** Wider purposes whose consents reach down to this one, beside those it is nested in. */
  coveredBy: z.array(dotted).optional(),
  notice: z.string().optional(),
  minNoticeVersion: z.int().positive().optional(),
  validUntil: instant.optional(),
  get children() {
    return z.array(purpose).optional()
  },
})

export const partiesSchema = z.strictObject({
  purposes: z.array(purpose).optional(),
  channels: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9_]*$/),
        label,
        identifierKind: z.string().nullable(),
      }),
    )
    .optional(),
  notices: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        version: z.int().positive(),
        language: z.string().min(2),
        text: z.string().min(1),
      }),
    )
    .optional(),
  recipients: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9_-]*$/),
        label,
        role: z.enum(['internal', 'processor', 'handler', 'joint']),
        country: z
          .string()
          .regex(/^[A-Z]{2}$/)
          .optional(),
        contact: z.string().optional(),
      }),
    )
    .optional(),
  contracts: z
    .array(
      z.strictObject({
        id: z.string().min(1),
        recipient: z.string(),
        purposes: z.array(dotted).min(1),
        channels: z.array(z.string()).min(1),
        categories: z.array(dotted).min(1),
        validFrom: instant,
        validUntil: instant,
      }),
    )
    .optional(),
})

type Declared = z.infer<typeof partiesSchema>
type DeclaredPurpose = z.infer<typeof purpose>

/** A nested purpose is covered by everything it is nested in. */
export function partiesDraftOf(declared: Declared): PartiesDraft {
  return {
    purposes: (declared.purposes ?? []).flatMap((top) => flatten(top, [])),
    channels: declared.channels ?? [],
    notices: declared.notices ?? [],
    recipients: (declared.recipients ?? []).map(({ country, contact, ...rest }) => ({
      ...rest,
      ...(country === undefined ? {} : { country }),
      ...(contact === undefined ? {} : { contact }),
    })),
    contracts: (declared.contracts ?? []).map((contract) => ({
      ...contract,
      validFrom: new Date(contract.validFrom),
      validUntil: new Date(contract.validUntil),
    })),
  }
}

type PurposeDraft = NonNullable<PartiesDraft['purposes']>[number]

function flatten(declared: DeclaredPurpose, above: readonly string[]): PurposeDraft[] {
  const { id, label: words, kind, coveredBy = [], notice, minNoticeVersion, validUntil } = declared
  const own: PurposeDraft = {
    id,
    label: words,
    coveredBy: [...new Set([...above, ...coveredBy])],
    ...(kind === undefined ? {} : { kind }),
    ...(notice === undefined ? {} : { notice }),
    ...(minNoticeVersion === undefined ? {} : { minNoticeVersion }),
    ...(validUntil === undefined ? {} : { validUntil: new Date(validUntil) }),
  }
  return [own, ...(declared.children ?? []).flatMap((child) => flatten(child, [...above, id]))]
}
