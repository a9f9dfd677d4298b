// doorward seed: made-up people, for trying things out and for measuring.

import type { SingleBar } from 'cli-progress';
import { asOperator } from '#cli/parts/operator.ts';
import { passwordOption } from '#cli/parts/password.ts';
import { seedPeople } from '#domain/seed/seed.ts';
import { command, WrongUsage } from '#kit/command-line.ts';
import { randomToken } from '#kit/secret.ts';

export default command({
  about:
    'Makes up people and their accounts, with names of many languages. Nobody gets a letter; all have one password. Refuses a database with real people in it.',
  options: {
    clients: { value: 'N', about: 'how many client accounts (1000)' },
    users: { value: 'N', about: 'how many users (a fifth more than clients)' },
    'random-seed': { value: 'S', about: 'a word; the same one makes the same people again ("doorward")' },
    'password-stdin': {
      ...passwordOption,
      about: 'reads their password from standard input; else one is drawn and shown',
    },
    yes: { about: 'also where real people are' },
  },
  async run(given, terminal) {
    const clients = countFrom('clients', given.clients ?? '1000');
    const users = countFrom('users', given.users ?? String(Math.ceil(clients * 1.2)));
    const password = given['password-stdin'] ? await terminal.secret('Password') : undefined;
    return asOperator(async (ctx, actor) => {
      const theirs = password ?? randomToken(12);
      const passwordHash = await ctx.passwords.seal(theirs);
      const bar = await openBar(clients, users);
      const startedAt = performance.now();
      const made = await seedPeople(
        ctx,
        actor,
        {
          clients,
          users,
          randomSeed: given['random-seed'] ?? 'doorward',
          passwordHash,
          amongRealPeople: given.yes,
        },
        ({ share, at }) => bar?.update(Math.round(1000 * share), { at }),
      ).finally(() => bar?.stop());
      const seconds = (performance.now() - startedAt) / 1000;
      return {
        json: { ...made, seconds, ...(password === undefined ? { password: theirs } : {}) },
        words: `${made.users} users, ${made.clients} clients and ${made.memberships} memberships were made in ${seconds.toFixed(1)} s.\n${password === undefined ? `Everybody's password: ${theirs}\n` : ''}`,
      };
    });
  },
});

function countFrom(name: string, text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new WrongUsage(`--${name}: a number is expected.`);
  return Number(text);
}

/** The bar on standard error, where a person looks at it. */
async function openBar(clients: number, users: number): Promise<SingleBar | undefined> {
  if (!process.stderr.isTTY) return undefined;
  const { default: progress } = await import('cli-progress');
  const whom = `${users.toLocaleString('en')} users, ${clients.toLocaleString('en')} clients`;
  const bar = new progress.SingleBar({ format: `{bar} {percentage}% | ${whom} | {at} | {eta_formatted} left` });
  bar.start(1000, 0, { at: 'people' });
  return bar;
}
