// What the rest of Doorward knows of a database: one shape for SQLite and PostgreSQL.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import type { Tables } from '#kit/tables.ts';

export type Queries = Kysely<Tables>;

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

/** Throws when called from inside a transaction: the mistake that would wait for itself. */
export function refuseInsideTransaction(): void {
  if (scopes.getStore()?.open) {
    throw new Error('inside a transaction use only the inner ctx: this call would wait for its own transaction');
  }
}
