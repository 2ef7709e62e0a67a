export { instantMs, isDate } from './calendar-text.ts'
export { loadCustomers } from './customers.ts'
export type { CustomerRow } from './customer-row.ts'
export type { CustomerOutcome, RefusedContact } from './customers.ts'
export { eventKey, eventReader, insertEvents, loadEachEvent, loadEvents } from './events.ts'
export type {
  CheckedEvent,
  CustomerEvent,
  EventDraft,
  EventLimits,
  EventOutcome,
  EventRow,
  EventsLoaded,
  RejectedEvent,
} from './events.ts'
export { futureToleranceMs, ingestCustomers, ingestEvents, ingestItemsMax } from './ingest.ts'
export type { EventItem, IngestOutcome, IngestStatus } from './ingest.ts'
export { isSourceId } from './physical.ts'
export type { FieldError, LoadValue } from './physical.ts'
