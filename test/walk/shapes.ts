/** What the walk reads of the service's answers; fields it does not look at are left alone. */
import { z } from 'zod'

export const releasedShape = z.looseObject({
  value: z.number().nullable(),
  error: z.number().nullable(),
  suppressed: z.boolean(),
  epoch: z.string(),
})

export const waterfallShape = z.array(z.looseObject({ reason: z.string(), count: releasedShape }))

export const diagnosticShape = z.looseObject({
  code: z.string(),
  severity: z.string(),
  message: z.string(),
  span: z.object({ start: z.number(), end: z.number() }),
  fixes: z
    .array(
      z.looseObject({
        title: z.string(),
        edits: z.array(
          z.looseObject({
            span: z.object({ start: z.number(), end: z.number() }),
            text: z.string(),
          }),
        ),
      }),
    )
    .default([]),
})

export const checkedShape = z.looseObject({
  diagnostics: z.array(diagnosticShape),
  ruleHash: z.string().nullable(),
  categories: z.array(z.string()),
  words: z.looseObject({ en: z.array(z.string()), zh: z.array(z.string()) }).nullable(),
})

export const countShape = z.looseObject({
  waterfall: waterfallShape,
  reachable: releasedShape,
  ruleHash: z.string(),
})

export const segmentShape = z.looseObject({
  id: z.string(),
  version: z.number(),
  ruleHash: z.string(),
})

export const audienceShape = z.looseObject({
  id: z.string(),
  state: z.string(),
  progress: z.number(),
  waterfall: waterfallShape.nullish(),
})

export const exportShape = z.looseObject({
  id: z.string(),
  state: z.string(),
  gates: z.array(z.looseObject({ code: z.string(), outcome: z.string() })).optional(),
})

export const manifestShape = z.looseObject({
  ruleHash: z.string(),
  counts: z.looseObject({ members: z.number(), delivered: z.number(), removed: z.number() }),
  list: z.looseObject({ rows: z.number(), digest: z.string() }),
  chunks: z.array(z.looseObject({ rows: z.number(), digest: z.string(), auditSeq: z.string() })),
  approvals: z.array(z.looseObject({ approver: z.string() })),
})

export const removalsShape = z.looseObject({
  items: z.array(z.looseObject({ op: z.literal('remove'), id: z.string(), reason: z.string() })),
  nextCursor: z.string().nullable(),
})

export const permittedShape = z.looseObject({
  items: z.array(z.looseObject({ id: z.string(), permitted: z.boolean() })),
})

export const consentsShape = z.looseObject({
  items: z.array(z.looseObject({ status: z.string() })),
})

export const entriesShape = z.looseObject({
  items: z.array(
    z.looseObject({
      seq: z.string(),
      actor: z.string(),
      action: z.string(),
      decision: z.string(),
      reason: z.string().nullable(),
      rowCount: z.string().nullable(),
      chunk: z.number().nullable(),
      digest: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
})

export type Entry = z.infer<typeof entriesShape>['items'][number]
