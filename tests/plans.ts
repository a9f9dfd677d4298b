// How a database means to answer the statements that a piece of work sends: for tests that a list stays on its indexes.

import type { QueryExecutor } from 'kysely';
import { CompiledQuery, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { Tables } from '#kit/tables.ts';
import type { Context } from '#src/context.ts';

/** A statement and its plan, a step a line: SQLite's `detail`, PostgreSQL's lines without costs. */
export type Plan = { readonly statement: string; readonly steps: readonly string[] };

/** Does `work` with a Context that notes every statement, and asks the same database for the plan of each. */
export async function plansOf(ctx: Context, work: (watched: Context) => Promise<unknown>): Promise<Plan[]> {
  const noted: CompiledQuery[] = [];
  await work({ ...ctx, db: noting(ctx, noted) });
  const plans: Plan[] = [];
  for (const { sql, parameters } of noted) plans.push({ statement: sql, steps: await stepsOf(ctx, sql, parameters) });
  return plans;
}

// Queries go out through the executor of the real connection; the dialect given here is asked for nothing.
function noting(ctx: Context, noted: CompiledQuery[]): Kysely<Tables> {
  const real = ctx.db.getExecutor();
  const executor: QueryExecutor = new Proxy(real, {
    get(target, name) {
      if (name === 'executeQuery') {
        return (query: CompiledQuery) => {
          noted.push(query);
          return target.executeQuery(query);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const driver = new DummyDriver();
  const dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
  return new Kysely<Tables>({ config: { dialect }, dialect, driver, executor });
}

async function stepsOf(ctx: Context, statement: string, parameters: readonly unknown[]): Promise<string[]> {
  const explain = ctx.dialect === 'sqlite' ? 'explain query plan' : 'explain (costs off)';
  const answer = await ctx.db.executeQuery<{ detail?: string; 'QUERY PLAN'?: string }>(
    CompiledQuery.raw(`${explain} ${statement}`, [...parameters]),
  );
  return answer.rows.map((row) => row.detail ?? row['QUERY PLAN'] ?? '');
}
