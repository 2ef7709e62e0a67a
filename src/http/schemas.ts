/** Shapes that several routes share. */
import { z } from '@hono/zod-openapi'

const ruleTextLengthMax = 100_000

export const ruleText = z.string().max(ruleTextLengthMax)

/** Ids of purposes, channels, recipients and the like: what the catalogue could hold, known or not. */
export const catalogId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/)

export const useSchema = z
  .strictObject({ purpose: catalogId, channel: catalogId, recipient: catalogId })
  .openapi('Use')

export const idParams = z.object({ id: z.uuid().toLowerCase() })

export const catalogIdParams = z.object({ id: catalogId })

const pageLengthMax = 200

export const pageQuery = z.strictObject({
  cursor: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(pageLengthMax).optional(),
})

export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

export const labelSchema = z.object({ en: z.string(), zh: z.string() })

export const newLabel = z.strictObject({
  en: z.string().min(1).max(64),
  zh: z.string().min(1).max(64),
})

export const spanSchema = z
  .object({ start: z.int(), end: z.int() })
  .openapi({ description: 'Half-open UTF-16 offsets.' })

export const diagnosticSchema = z
  .object({
    code: z.string(),
    severity: z.string(),
    span: spanSchema,
    message: z.string(),
    fixes: z.array(
      z.object({
        title: z.string(),
        applicability: z.string(),
        edits: z.array(z.object({ span: spanSchema, text: z.string() })),
      }),
    ),
  })
  .openapi('Diagnostic')

export const releasedSchema = z
  .object({
    value: z.int().nullable(),
    error: z.number().nullable(),
    suppressed: z.boolean(),
    epoch: z.string(),
  })
  .openapi('Released')

export const waterfallSchema = z
  .array(z.object({ reason: z.string(), count: releasedSchema }))
  .openapi('Waterfall')

export const wordsSchema = z.object({ en: z.array(z.string()), zh: z.array(z.string()) })

export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    errors: z
      .array(
        z.object({
          pointer: z.string(),
          code: z.string(),
          message: z.string().optional(),
          span: spanSchema.optional(),
          suggestions: z.array(z.string()).optional(),
        }),
      )
      .optional(),
    diagnostics: z.array(diagnosticSchema).optional(),
  })
  .openapi('Problem')
