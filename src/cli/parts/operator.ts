// A command's way to the database: opened for it, closed after it, and in the log under the operator's name.

import { userInfo } from 'node:os';
import { pino } from 'pino';
import type { Actor } from '#domain/audit/actor.ts';
import { systemActor } from '#domain/audit/actor.ts';
import type { Config } from '#src/config.ts';
import { readConfig } from '#src/config.ts';
import type { Context, OpenOptions } from '#src/context.ts';
import { openContext } from '#src/context.ts';

/** Runs `work` on the opened database as the operator, then closes it. Throws ConfigFault before anything is opened. */
export async function asOperator<T>(
  work: (ctx: Context, actor: Actor) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const config = readConfig();
  const ctx = await openContext(config, { logger: quietLog(config), ...options });
  try {
    return await work(ctx, operator());
  } finally {
    await ctx.close();
  }
}

/** Whoever may run commands here may do everything; the log tells who it was. */
export function operator(): Actor {
  return systemActor(`Command line (${accountName()})`);
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`; // in a container the user often has no name
  }
}

/** Commands say themselves what they did; the log speaks up for what goes wrong, or when the operator turned it up. */
export function quietLog(config: Config): pino.Logger {
  const level = config.logLevel === 'info' ? 'warn' : config.logLevel;
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
