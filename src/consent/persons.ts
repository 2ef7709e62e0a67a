/** What the decision knows of people besides their consents. */
import { sql } from 'kysely'
import type { DutyTx } from '../db/index.ts'
import type { PersonFacts } from './permit.ts'

export interface PersonChange {
  readonly customerId: string
  readonly status?: PersonFacts['status']
  /** Calendar date; null when it turned out to be wrong. */
  readonly bornOn?: string | null
  /** The person's own word that they are an adult, where no birth date is held. */
  readonly adultDeclared?: boolean
  readonly noProfiling?: boolean
}

const batchRows = 10_000

/** Makes people known, or changes the fields that are present. Duties: yq_ingest, yq_privacy. Nobody erased comes back. */
export async function setPersons(tx: DutyTx, persons: readonly PersonChange[]): Promise<void> {
  for (let from = 0; from < persons.length; from += batchRows) {
    const batch = persons.slice(from, from + batchRows).map((person) => ({
      customer_id: person.customerId,
      status: person.status,
      born_on: person.bornOn,
      adult_declared: person.adultDeclared,
      no_profiling: person.noProfiling,
    }))
    await sql`select consent.set_persons(${JSON.stringify(batch)}::jsonb)`.execute(tx)
  }
}

/** Stops a channel (`*`: all) for people, whatever they consented to. Duties: yq_consent, yq_exporter. */
export async function suppress(
  tx: DutyTx,
  customerIds: readonly string[],
  channel: string,
  reason: 'opt-out' | 'complaint' | 'do-not-contact',
  source: string,
  at: Date,
): Promise<void> {
  if (customerIds.length === 0) return
  await sql`
    select consent.suppress(${[...customerIds]}::bigint[], ${channel}, ${reason}, ${source}, ${at})`.execute(
    tx,
  )
}
