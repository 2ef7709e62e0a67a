/** A sample keeps the same customers at every run, and a larger percentage keeps all of a smaller one. */
import { sql } from 'kysely'
import { shiftPoint } from './decimal.ts'
import { numeric, text } from './sql.ts'
import type { Sql } from './sql.ts'

/** What the places are counted in: the hash puts each customer into one of a million. */
const placesPerPercent = 4

/**
 * The first eight bytes of SHA-256 over `seed:customer_id`, as an unsigned number modulo a million, lie below the
 * percentage. The id is random and internal, so the sample says nothing of anybody.
 */
export function isSampled(
  sample: { readonly percent: string; readonly seed: string },
  id: Sql,
): Sql {
  const digest = sql`sha256(convert_to(${text(`${sample.seed}:`)} || ${id}, 'UTF8'))`
  const half = (start: number) =>
    sql`('x' || encode(substring(${digest} from ${start}::integer for 4), 'hex'))::bit(32)::bigint`
  // 2 to the power of 32 is 967296 modulo a million.
  const place = sql`(${half(1)} * 967296 + ${half(5)}) % 1000000`
  return sql`${place} < ${numeric(shiftPoint(sample.percent, placesPerPercent))}`
}
