// The tables of the database, as Kysely sees them. Each `*.table.ts` adds its own by declaration merging.

// biome-ignore lint/suspicious/noEmptyInterface: filled by the table files, one entry each
export interface Tables {}
