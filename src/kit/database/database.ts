// What the rest of Doorward knows of a database: one shape for SQLite and PostgreSQL.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Tables } from '#kit/tables.ts';

export type Queries = Kysely<Tables>;

/** How long whoever wants to write waits for a lock that another process has, in milliseconds; then the database counts as away. */
export const USUAL_PATIENCE_MS = 10_000;

/** Runs a text of several statements without parameters: migrations only. */
export type Script = (text: string) => Promise<void>;

/** An open database. */
export type Database = {
  readonly dialect: 'sqlite' | 'postgres';
  /** Queries outside any transaction: each stands alone and is durable when it answers. */
  readonly queries: Queries;
  /**
   * Runs `work` in a transaction that has its connection to itself and resolves once it is durable.
   * What `work` throws undoes all of it. Inside, only the inner queries may be used: the outer ones refuse,
   * since they would wait for this very transaction or write outside of it.
   */
  transaction<T>(work: (queries: Queries, script: Script) => Promise<T>): Promise<T>;
  /** How many statements ran since it was opened: tests count them. */
  statementCount(): number;
  close(): Promise<void>;
};

/**
 * A text as both databases keep it. PostgreSQL refuses a zero byte (`%00` in an address would be a fault), SQLite ends some
 * texts at it: each becomes the replacement character, as half a surrogate pair does on its way to the database.
 */
export function storableText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text;
}

/** How strongly rows are locked: see `locked`. */
export type LockStrength = 'keep' | 'change' | 'remove';

/**
 * Locks the rows that a query reads until the transaction ends, so that what is decided on them still holds when it is
 * written: `keep` against their removal, `change` against another change, `remove` also against new rows that refer to them.
 * Needed on PostgreSQL, where transactions run side by side and each statement sees what was committed before it; on SQLite
 * a transaction is alone. A lock waits for the other transaction and then reads the row anew.
 */
export function locked<Tables, Table extends keyof Tables, Row>(
  ctx: { readonly dialect: Database['dialect'] },
  query: SelectQueryBuilder<Tables, Table, Row>,
  strength: LockStrength,
): SelectQueryBuilder<Tables, Table, Row> {
  if (ctx.dialect === 'sqlite') return query;
  switch (strength) {
    case 'keep':
      return query.forKeyShare();
    case 'change':
      return query.forNoKeyUpdate();
    case 'remove':
      return query.forUpdate();
  }
}

type Scope = { open: boolean };
const scopes = new AsyncLocalStorage<Scope>();

/** Runs `work` marked as inside a transaction, so that a use of the outer queries is caught at once. */
export async function insideTransaction<T>(work: () => Promise<T>): Promise<T> {
  const scope: Scope = { open: true };
  try {
    return await scopes.run(scope, work);
  } finally {
    scope.open = false;
  }
}

/** What stands for the transaction that this call runs inside, for as long as it is under way; undefined outside of one. */
export function transactionUnderWay(): object | undefined {
  const scope = scopes.getStore();
  return scope?.open ? scope : undefined;
}

/** Throws when called from inside a transaction: the mistake that would wait for itself. */
export function refuseInsideTransaction(): void {
  if (scopes.getStore()?.open) {
    throw new Error('inside a transaction use only the inner ctx: this call would wait for its own transaction');
  }
}
