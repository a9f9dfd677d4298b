// How often passwords may be tried (behaviours.md, section 15, number 5; ASVS 5.0 V6.3.1; docs/operate/sign-in-protection.md is
// the plan that V6.1.1 asks for). Counted before a password is checked, by what was typed, so that people who exist and
// people who do not are met alike. A few failures are free, then each costs a pause: 1, 2, 4, 8, then 15 minutes.
//
// Four counters, and what each is for:
// - a name from one network (or through one program): somebody who guesses;
// - a name from everywhere: somebody who guesses through many networks;
// - a network, whatever the name: somebody who tries stolen lists of names and passwords;
// - a name on a device that signed in as this person before: in place of all of these. So the owner gets in while others
//   guess, and whoever stole the device's cookie has no more guesses by it than anybody.
// The counters of a person belong to their present password: a new one begins with none, so the letter with the link is
// always a way back.

import { forgetBanCount } from '#domain/guard/ban-count.ts';
import type { Pausing } from '#domain/guard/pauses.ts';
import { countBefore, forgetFailures, NEVER_PAUSES, takeBack } from '#domain/guard/pauses.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import { loginTries } from '#domain/login/login.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { networkName } from '#kit/address.ts';
import { days, minutes } from '#kit/duration.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/**
 * Where a try comes from: a visitor's network, or a program's credential. A program speaks for all its customers from
 * one address, so its address must not count: one guesser would lock everybody out.
 */
export type Source =
  | { readonly kind: 'visitor'; readonly ip: string }
  | { readonly kind: 'credential'; readonly id: number };

const PERSON_FROM_SOURCE = { name: 'login-person', withinMs: days(1) } as const;
const PERSON_ON_DEVICE = { name: 'login-device', withinMs: days(1) } as const;
const PERSON_EVERYWHERE = { name: 'login-everywhere', withinMs: days(1) } as const;
const NETWORK = { name: 'login-source', withinMs: minutes(15) } as const;
/** A network may be a whole company or town. */
const FREE_FOR_A_NETWORK = 100;

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
 * Counts a try at a name, before anything is checked. Throws `too-many`. `holder` is whoever has that name, if anybody;
 * `knownDevice` a name of the device the try comes from, where that device has signed in as this very person before and
 * showed so by a cookie that nobody else can make. Each try counts as a failure until it proves to be none, so that many at
 * once are no more than one after the other.
 */
export async function countTry(
  ctx: Context,
  side: Side,
  name: string,
  source: Source,
  holder: Holder | undefined,
  knownDevice?: string,
): Promise<CountedTry> {
  const free = await settingOf(ctx, loginTries);
  const whom = personNamed(side, name, holder);
  const from = sourceName(source);
  const own: Pausing =
    knownDevice === undefined
      ? { limit: PERSON_FROM_SOURCE, whom: `${whom}|${from}`, free }
      : { limit: PERSON_ON_DEVICE, whom: `${whom}|${knownDevice}`, free };
  // What strangers try elsewhere must not keep a program out of a customer's account, nor the customer out of their home.
  const isKnown = knownDevice !== undefined || (holder?.lastIp !== undefined && networkName(holder.lastIp) === from);
  // The busiest counter stands last: it is locked the shortest.
  const wide: Pausing[] =
    source.kind === 'visitor'
      ? [
          { limit: PERSON_EVERYWHERE, whom, free: isKnown ? NEVER_PAUSES : 2 * free },
          { limit: NETWORK, whom: from, free: knownDevice === undefined ? FREE_FOR_A_NETWORK : NEVER_PAUSES },
        ]
      : [];
  const counted = await countBefore(ctx, [own, ...wide]);
  const failuresOfOwn = counted[0]?.count ?? 1;
  return {
    right: (tx) => takeBack(tx, counted),
    async succeeded(tx) {
      await forgetFailures(tx, [own]);
      if (side === 'administrator' && source.kind === 'visitor') await forgetBanCount(tx, source.ip, name);
      await takeBack(tx, counted.slice(1), failuresOfOwn); // their own slips are none of a stranger's guesses
    },
    notLookedAt: () => ctx.transaction((tx) => takeBack(tx, counted)),
  };
}

/** How a device is named among what tries are counted by. */
export function deviceName(deviceId: number): string {
  return `device ${deviceId}`;
}

/** Forgets what somebody got wrong from here, or on this device, before they signed in by more than one step. */
export async function forgetTries(
  tx: Context,
  holder: Holder,
  ip: string,
  deviceId: number | undefined,
): Promise<void> {
  const side = holder.person.kind;
  const whom = personNamed(side, holder.label, holder);
  await forgetFailures(tx, [{ limit: PERSON_FROM_SOURCE, whom: `${whom}|${networkName(ip)}` }]);
  if (deviceId !== undefined)
    await forgetFailures(tx, [{ limit: PERSON_ON_DEVICE, whom: `${whom}|${deviceName(deviceId)}` }]);
  if (side === 'administrator') await forgetBanCount(tx, ip, holder.label);
}

/** The name as typed, of any length, and the password that it is tried against. */
function personNamed(side: Side, name: string, holder: Holder | undefined): string {
  return `${side}:${comparable(name).slice(0, 300)}|${holder?.hash ?? ''}`;
}

function sourceName(source: Source): string {
  switch (source.kind) {
    case 'visitor':
      return networkName(source.ip);
    case 'credential':
      return `credential ${source.id}`;
  }
}
