/** Tables of the schema meta; written from the migrations (test/db/schema.test.ts). */
import type { Defaulted, Int8, Moment } from '../column.ts'

export interface MetaDeploymentTable {
  singleton: Defaulted<boolean>
  mode: Defaulted<'empty' | 'demo' | 'production'>
  name: Defaulted<string>
  time_zone: Defaulted<string>
  currency: Defaulted<string>
  unknown_age: Defaulted<'exclude' | 'include'>
  catalog_revision: Defaulted<Int8>
}

export interface MetaMigrationTable {
  name: string
  sha256: string
  applied_at: Defaulted<Moment>
}
