// doorward migrate: brings the database to this version.

import { asOperator, quietLog } from '#cli/parts/operator.ts';
import { makeFirstRoles } from '#domain/administrators/roles.ts';
import { reviewTexts } from '#domain/mail/template-trials.ts';
import { command } from '#kit/command-line.ts';
import { migrate } from '#kit/database/migrate.ts';
import { readConfig } from '#src/config.ts';
import { MIGRATIONS, openDatabase } from '#src/context.ts';

export default command({
  about:
    'Brings the database to this version. It is safe to run twice, from two machines at once, or to interrupt: each step is done whole or not at all. `serve` does the same when it starts.',
  async run() {
    const applied = await applyMissing();
    const unusable = await asOperator(async (ctx) => {
      await ctx.transaction(makeFirstRoles);
      return reviewTexts(ctx);
    });
    const words = applied.length === 0 ? 'The database was up to date.\n' : `Applied: ${applied.join(', ')}\n`;
    const letters =
      unusable === 0 ? '' : `Edited letters that can no longer be used, so their shipped text goes out: ${unusable}\n`;
    return { json: { applied }, words: `${words}${letters}` };
  },
});

async function applyMissing(): Promise<string[]> {
  const config = readConfig();
  const database = await openDatabase(config, quietLog(config));
  try {
    return await migrate(database, MIGRATIONS, Date.now);
  } finally {
    await database.close();
  }
}
