// How often passwords may be tried. Counted before a password is checked, by what was typed, so that people who exist
// and people who do not are met alike; never a hard lock of a person: their own network still gets in
// (behaviours.md, section 15, number 5; ASVS 5.0 V6.3.1).

import type { Limit } from '#domain/guard/limits.ts';
import { forgetUses, giveBack, spendLimits } from '#domain/guard/limits.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { loginTries } from '#domain/login/login.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { networkName } from '#kit/address.ts';
import { hours, minutes } from '#kit/duration.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/**
 * Where a try comes from: a visitor's network, or a program's credential. A program speaks for all its customers from
 * one address, so its address must not count: one guesser would lock everybody out.
 */
export type Source =
  | { readonly kind: 'visitor'; readonly ip: string }
  | { readonly kind: 'credential'; readonly id: number };

const FROM_ONE_SOURCE: Limit = { name: 'login-source', most: 100, withinMs: minutes(15) };
const EVERYWHERE: Limit = { name: 'login-everywhere', most: 50, withinMs: hours(1) };
const UNLIMITED = Number.MAX_SAFE_INTEGER; // counted all the same

/**
 * A try that has been counted: what to do when the password was right but somebody is not signed in by it yet, when they
 * are, and when it was not looked at. When it was wrong there is nothing to do.
 */
export type CountedTry = {
  right(tx: Context): Promise<void>;
  succeeded(tx: Context): Promise<void>;
  notLookedAt(): Promise<void>;
};

/**
 * Counts a try at a name, before anything is checked. Throws `too-many`. `holder` is whoever has that name, if anybody.
 * Each try counts as a failure until it proves to be none, so that many at once are no more than one after the other.
 */
export async function countTry(
  ctx: Context,
  side: Side,
  name: string,
  source: Source,
  holder: Holder | undefined,
): Promise<CountedTry> {
  const whom = `${side}:${comparable(name).slice(0, 300)}`;
  const from = sourceName(source);
  const most = await settingOf(ctx, loginTries);
  const person = { limit: { name: 'login-person', most, withinMs: minutes(15) }, whom: `${whom}|${from}` };
  const known = source.kind === 'visitor' && holder?.lastIp !== undefined && networkName(holder.lastIp) === from;
  // A credential's failures are counted for each person, and that is all: a program speaks for many customers, and what
  // strangers try elsewhere must not keep them out of it. The busiest counter stands last: it is locked the shortest.
  const wide =
    source.kind === 'visitor'
      ? [
          { limit: known ? { ...EVERYWHERE, most: UNLIMITED } : EVERYWHERE, whom },
          { limit: FROM_ONE_SOURCE, whom: from },
        ]
      : [];
  const spent = await spendLimits(ctx, [person, ...wide]);
  const spentWide = spent.slice(1);
  return {
    right: (tx) => giveBack(tx, spentWide),
    async succeeded(tx) {
      await forgetUses(tx, [person]);
      await giveBack(tx, spentWide);
    },
    notLookedAt: () => ctx.transaction((tx) => giveBack(tx, spent)),
  };
}

function sourceName(source: Source): string {
  switch (source.kind) {
    case 'visitor':
      return networkName(source.ip);
    case 'credential':
      return `credential ${source.id}`;
  }
}
