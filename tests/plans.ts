// How a database means to answer the statements that a piece of work sends: for tests that a list stays on its indexes.

import type { KyselyPlugin, RootOperationNode } from 'kysely';
import { CompiledQuery, createQueryId } from 'kysely';
import type { Context } from '#src/context.ts';

/** A statement and its plan, a step a line: SQLite's `detail`, PostgreSQL's lines without costs. */
export type Plan = { readonly statement: string; readonly steps: readonly string[] };

/** Does `work` with a Context that notes every statement, and asks the same database for the plan of each. */
export async function plansOf(ctx: Context, work: (watched: Context) => Promise<unknown>): Promise<Plan[]> {
  const nodes: RootOperationNode[] = [];
  const note: KyselyPlugin = {
    transformQuery: ({ node }) => {
      nodes.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  await work({ ...ctx, db: ctx.db.withPlugin(note) });
  const plans: Plan[] = [];
  for (const node of nodes) {
    const { sql, parameters } = ctx.db.getExecutor().compileQuery(node, createQueryId());
    plans.push({ statement: sql, steps: await stepsOf(ctx, sql, parameters) });
  }
  return plans;
}

async function stepsOf(ctx: Context, statement: string, parameters: readonly unknown[]): Promise<string[]> {
  const explain = ctx.dialect === 'sqlite' ? 'explain query plan' : 'explain (costs off)';
  const answer = await ctx.db.executeQuery<{ detail?: string; 'QUERY PLAN'?: string }>(
    CompiledQuery.raw(`${explain} ${statement}`, [...parameters]),
  );
  return answer.rows.map((row) => row.detail ?? row['QUERY PLAN'] ?? '');
}
