/** What sources send: consents, customers, events. Every item has its own answer. */
import { z } from '@hono/zod-openapi'
import { appendConsentEvents, consentEventsMax } from '../../consent/index.ts'
import { ingestCustomers, ingestEvents, ingestItemsMax } from '../../profiles/index.ts'
import type { CustomerRow } from '../../profiles/index.ts'
import { guarded } from '../guard.ts'
import type { GuardedRoute } from '../guard.ts'
import { batchBytesMax } from '../input.ts'
import type { Given } from '../input.ts'
import { answerItems, itemOutcomes } from './item-answers.ts'

const text = z.string().max(1000)
const texts = z.array(z.string().max(200)).max(100)

/** Only shapes; whether the words mean anything is the consent room's to say, item by item. */
const consentEvent = z
  .strictObject({
    eventId: text,
    subject: text,
    kind: text,
    purpose: text,
    channels: texts,
    categories: texts,
    recipient: text.optional(),
    state: text,
    effectiveAt: text,
    validUntil: text.optional(),
    notice: z.strictObject({ id: text, version: z.int() }).optional(),
    mechanism: text,
    source: text,
    evidence: text.optional(),
  })
  .openapi('ConsentEvent')

const value = z.union([z.string().max(10_000), z.number(), z.boolean()])
const values = z.record(z.string().max(64), value.nullable())

const customer = z
  .strictObject({
    id: text,
    attributes: values.optional(),
    tags: texts.optional(),
    identifiers: z.record(z.string().max(64), z.string().max(500)).optional(),
    status: z.enum(['active', 'erased', 'frozen', 'restricted', 'deceased']).optional(),
    birthDate: z.iso.date().nullable().optional(),
    adultDeclared: z.boolean().optional(),
    noProfiling: z.boolean().optional(),
  })
  .openapi('Customer')

const event = z
  .strictObject({
    id: text,
    event: text,
    customer: text,
    time: text,
    properties: values.optional(),
  })
  .openapi('Event')

export const dataRoutes = (): readonly GuardedRoute[] => [
  guarded({
    method: 'post',
    path: '/v1/consent-events',
    action: 'consent.append',
    summary: 'Append consents, refusals and withdrawals; each holds when its answer comes',
    write: true,
    input: { item: consentEvent, itemsMax: consentEventsMax, bytesMax: batchBytesMax },
    output: itemOutcomes('eventId'),
    handle: (call) =>
      answerItems(call, 'eventId', (good) => {
        // Ids are the sender's own: what another machine calls its source never meets them.
        const { id } = call.principal.actor
        const events = good.map((event) => ({ ...event, source: `${id}/${event.source}` }))
        return appendConsentEvents(call.service, call.context, events)
      }),
  }),
  guarded({
    method: 'post',
    path: '/v1/customers',
    action: 'customer.ingest',
    summary: 'Add customers or change what is given of them',
    write: true,
    input: { item: customer, itemsMax: ingestItemsMax, bytesMax: batchBytesMax },
    output: itemOutcomes('id'),
    handle: (call) =>
      answerItems(call, 'id', (good) =>
        ingestCustomers(call.service, call.context, good.map(customerRow)),
      ),
  }),
  guarded({
    method: 'post',
    path: '/v1/events',
    action: 'event.ingest',
    summary: 'Add events',
    write: true,
    input: { item: event, itemsMax: ingestItemsMax, bytesMax: batchBytesMax },
    output: itemOutcomes('id'),
    handle: (call) =>
      answerItems(call, 'id', (good) => ingestEvents(call.service, call.context, good)),
  }),
]

/** What the consent decision needs to know of a person stands apart from what rules may ask. */
function customerRow({
  status,
  birthDate,
  adultDeclared,
  noProfiling,
  ...row
}: Given<typeof customer>): CustomerRow {
  const person = {
    ...(status === undefined ? {} : { status }),
    ...(birthDate === undefined ? {} : { bornOn: birthDate }),
    ...(adultDeclared === undefined ? {} : { adultDeclared }),
    ...(noProfiling === undefined ? {} : { noProfiling }),
  }
  return Object.keys(person).length === 0 ? row : { ...row, person }
}
