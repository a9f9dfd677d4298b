// Queries that go straight to one function. Kysely's own way takes a connection for each query and gives it back, over a
// dozen promises: more than a keyed read of SQLite itself takes.

import type { CompiledQuery, Dialect, QueryResult } from 'kysely';
import { DefaultConnectionProvider, DefaultQueryExecutor, Kysely } from 'kysely';
import type { Queries } from '#kit/database/database.ts';
import type { Tables } from '#kit/tables.ts';

/** What runs a query. */
export type Run = <Row>(query: CompiledQuery) => Promise<QueryResult<Row>>;

/** Queries of this dialect, each run by `run`. Transactions and streams are not for them. */
export function directQueries(dialect: Dialect, run: Run): Queries {
  const driver = dialect.createDriver();
  const executor = new DirectExecutor(dialect, new DefaultConnectionProvider(driver), run);
  return new Kysely<Tables>({ config: { dialect }, dialect, driver, executor });
}

class DirectExecutor extends DefaultQueryExecutor {
  readonly #run: Run;

  constructor(dialect: Dialect, connections: DefaultConnectionProvider, run: Run) {
    super(dialect.createQueryCompiler(), dialect.createAdapter(), connections);
    this.#run = run;
  }

  override executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return this.#run<Row>(query);
  }
}
