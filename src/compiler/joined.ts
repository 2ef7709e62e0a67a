/** Columns of measures that are joined to the customer, so that customers without a row have them too. */
import { sql } from 'kysely'
import type { JoinedMeasures } from './leaves.ts'
import type { Sql } from './sql.ts'
import { measureName } from './votes.ts'

export const joinedColumns = ({ alias, measures }: JoinedMeasures): readonly Sql[] =>
  measures.map(({ ofNothing }, place) => {
    const column = sql.ref(`${alias}.${measureName(place)}`)
    return ofNothing === 'zero' ? sql`coalesce(${column}, 0)` : column
  })
