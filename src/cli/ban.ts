// doorward ban: addresses that are shut out.

import { asOperator } from '#cli/parts/operator.ts';
import { daysFrom, instant, table } from '#cli/parts/text.ts';
import { banAddress, liftBan, listBans } from '#domain/guard/bans.ts';
import { plainRange } from '#kit/address.ts';
import { command, group } from '#kit/command-line.ts';
import { notFound } from '#kit/problem.ts';

const list = command({
  about: 'Lists the bans that hold, the newest first.',
  run: () =>
    asOperator(async (ctx) => {
      const bans = await listBans(ctx);
      const rows = bans.map((ban) => [
        String(ban.id),
        ban.range,
        ban.expiresAt === undefined ? 'for good' : instant(ban.expiresAt),
        ban.reason,
      ]);
      return { json: bans, words: table(['ID', 'RANGE', 'UNTIL', 'REASON'], rows, 'No address is banned.') };
    }),
});

const add = command({
  about: 'Shuts an address or range out of everything. A server that runs sees it within a second.',
  words: { range: { about: 'an address or range: 203.0.113.7, 203.0.113.0/24, 203.0.113.*, 2001:db8::/32' } },
  options: {
    reason: { value: 'TEXT', about: 'why; staff see it' },
    days: { value: 'N', about: 'for how many days (for good)' },
  },
  run: (given) => {
    const holds = given.days === undefined ? undefined : daysFrom('days', given.days);
    return asOperator(async (ctx, actor) => {
      const expiresAt = holds === undefined ? undefined : ctx.now() + holds;
      const { range, reason = '' } = given;
      const id = await banAddress(ctx, actor, { range, reason, expiresAt, source: 'command line' });
      const until = expiresAt === undefined ? 'for good' : `until ${instant(expiresAt)}`;
      return { json: { id, range: plainRange(range), expiresAt }, words: `${plainRange(range)} is banned ${until}.\n` };
    });
  },
});

const remove = command({
  about: 'Lifts a ban.',
  words: { which: { about: 'its number, as `ban list` shows it, or its address or range' } },
  run: ({ which }) =>
    asOperator(async (ctx, actor) => {
      const wanted = plainRange(which);
      const ban = (await listBans(ctx)).find((one) => String(one.id) === which || one.range === wanted);
      if (!ban) throw notFound('ban-not-found');
      await liftBan(ctx, actor, ban.id);
      return { json: { id: ban.id, range: ban.range }, words: `${ban.range} is no longer banned.\n` };
    }),
});

export default group('Lists, adds and lifts bans of addresses.', { list, add, remove });
