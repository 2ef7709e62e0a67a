/** The tables and views, as Kysely knows them; migrations/ defines them. */
import type { Tables } from './schema/tables.ts'

export interface Schema extends Tables {}
