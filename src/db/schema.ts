/** The tables and views, as Kysely knows them; migrations/ defines them. */

// oxlint-disable-next-line typescript/no-empty-object-type -- tables are declared with the migrations that make them
export interface Schema {}
