/** Answers item by item: the good ones act together, each refused one says why, in the order they came. */
import { z } from '@hono/zod-openapi'
import type { Result } from '../../kernel/result.ts'
import type { Call, Output } from '../guard.ts'
import { problem } from '../problem.ts'
import type { Problem } from '../problem.ts'
import { json } from '../reply.ts'
import type { JsonReply } from '../reply.ts'

const outcomeSchema = z.object({
  eventId: z.string().optional(),
  id: z.string().optional(),
  status: z.string(),
  code: z.string().optional(),
  field: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string() })).optional(),
  refused: z.array(z.object({ kind: z.string(), code: z.string() })).optional(),
})

const outcomesSchema = z.object({ items: z.array(outcomeSchema) })

export const itemOutcomes = (name: 'id' | 'eventId'): Output<typeof outcomesSchema> => ({
  description: `One answer for each item, in order, under its ${name}.`,
  schema: outcomesSchema,
})

interface Outcome {
  readonly status: string
  readonly code?: string
  readonly field?: string
  readonly refused?: readonly { readonly kind: string; readonly code: string }[]
}

type Answered = Outcome & {
  readonly id?: string
  readonly eventId?: string
  readonly errors?: readonly { readonly pointer: string; readonly code: string }[]
}

/** One object alone is refused as a whole: its answer is then a problem, with the item's answer beside it. */
export async function answerItems<P, Q, B, I>(
  { items }: Call<P, Q, B, I>,
  name: 'id' | 'eventId',
  act: (
    good: readonly I[],
  ) => Promise<Result<readonly Outcome[], { readonly code: 'idempotency-key-reused' }>>,
): Promise<JsonReply<{ readonly items: readonly Answered[] }> | Problem> {
  const good = items.items.flatMap((item) => (item.ok ? [item.value] : []))
  const acted = await act(good)
  if (!acted.ok) return problem(acted.error.code)
  const outcomes = acted.value[Symbol.iterator]()
  const answers = items.items.map((item): Answered => {
    if (item.ok) return outcomes.next().value ?? { status: 'rejected' }
    const errors = item.errors.map(({ pointer, code }) => ({ pointer, code }))
    return { ...nameOf(item.raw, name), status: 'rejected', code: 'fields-invalid', errors }
  })
  const [only] = answers
  const [first] = items.items
  if (!items.single || only === undefined) return json({ items: answers })
  const extra = { items: answers }
  if (only.status === 'conflict') return problem('event-conflict', { extra })
  if (only.status !== 'rejected') return json({ items: answers })
  if (first?.ok === false) return problem('fields-invalid', { errors: first.errors, extra })
  const pointer = only.field === undefined ? '' : `/${only.field.replaceAll('.', '/')}`
  return problem('item-refused', {
    errors: [{ pointer, code: only.code ?? 'item-refused', room: true }],
    extra,
  })
}

/** The item's own name, where it says one that is a text of a sane length. */
function nameOf(raw: unknown, name: 'id' | 'eventId'): Pick<Answered, 'id' | 'eventId'> {
  if (typeof raw !== 'object' || raw === null) return {}
  const given: unknown = Object.entries(raw).find(([key]) => key === name)?.[1]
  return typeof given === 'string' && given.length <= 200 ? { [name]: given } : {}
}
