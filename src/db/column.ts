/** How the types of PostgreSQL stand in rows that come and in rows that go. */
import type { ColumnType, InsertType, SelectType, UpdateType } from 'kysely'

/** bigint comes as decimal text, which holds every digit. */
export type Int8 = ColumnType<string, string | bigint | number, string | bigint | number>

/** numeric comes and goes as decimal text. */
export type Numeric = string

/** timestamptz. */
export type Moment = ColumnType<Date, Date | string, Date | string>

/** jsonb comes parsed and is given as JSON text: the driver would turn a JavaScript array into an SQL array. */
export type Json = ColumnType<unknown, string, string>

/** bytea. */
export type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>

/** The database fills it in when it is not given. */
export type Defaulted<C> = ColumnType<SelectType<C>, InsertType<C> | undefined, UpdateType<C>>

/** Only the database fills it in. */
export type Always<C> = ColumnType<SelectType<C>, never, never>
