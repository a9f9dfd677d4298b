// Statements whose outcome nobody waits for: a transaction on PostgreSQL sends them along with the next one, or its commit.

import type { CompiledQuery } from 'kysely';

const UNHEARD = Symbol('unheard');

/** The same query, marked: whoever sends it does not look at what it answers. */
export function unheard<Query extends Omit<CompiledQuery, 'parameters'>>(query: Query): Query {
  return { ...query, [UNHEARD]: true };
}

/** Whether a query was marked so. */
export function isUnheard(query: CompiledQuery): boolean {
  return UNHEARD in query;
}
