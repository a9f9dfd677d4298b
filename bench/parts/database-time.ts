// How long the database works: the time inside node:sqlite, or between a question to PostgreSQL and its answer.

import { StatementSync } from 'node:sqlite';
import pg from 'pg';

/** Begins to watch every connection of this process. Answers the milliseconds so far; what runs at once counts once. */
export function watchDatabaseTime(): () => number {
  let total = 0;
  let under = 0;
  let since = 0;
  const enter = (): void => {
    if (under === 0) since = performance.now();
    under += 1;
  };
  const leave = (): void => {
    under -= 1;
    if (under === 0) total += performance.now() - since;
  };
  watchSqlite(enter, leave);
  watchPostgres(enter, leave);
  return () => total;
}

function watchSqlite(enter: () => void, leave: () => void): void {
  const methods = StatementSync.prototype as unknown as Record<'all' | 'get' | 'run', (...given: unknown[]) => unknown>;
  for (const name of ['all', 'get', 'run'] as const) {
    const usual = methods[name];
    methods[name] = function (this: StatementSync, ...given: unknown[]) {
      enter();
      try {
        return usual.apply(this, given);
      } finally {
        leave();
      }
    };
  }
}

function watchPostgres(enter: () => void, leave: () => void): void {
  const usual = pg.Client.prototype.query as (...given: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    enter();
    const told = given.at(-1);
    if (typeof told !== 'function') {
      const answer = usual.apply(this, given);
      if (answer instanceof Promise) answer.then(leave, leave);
      else leave();
      return answer;
    }
    // What a pool runs outside of transactions is answered by a call instead.
    const heard = (...answer: unknown[]): void => {
      leave();
      told(...answer);
    };
    return usual.apply(this, [...given.slice(0, -1), heard]);
  } as typeof pg.Client.prototype.query; // the same overloads, handed through
}
