// Writing to a person about one of their browsers. At most a few a day: whoever has somebody's password shall not fill their
// mailbox with it (ASVS 5.0 V6.3.5).

import { administratorOf } from '#domain/administrators/administrators.ts';
import { browserName } from '#domain/devices/browser-name.ts';
import { newDeviceLetters } from '#domain/devices/devices.settings.ts';
import { countryOf } from '#domain/devices/place.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse } from '#domain/guard/limits.ts';
import type { BrowserLetter } from '#domain/login/browser-letters.mail.ts';
import { browserLetter } from '#domain/login/browser-letters.mail.ts';
import type { Holder } from '#domain/login/holder.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

const LETTERS: Limit = { name: 'browser-letters', most: 5, withinMs: days(1) };

/** Where somebody sits, in what a letter says of it. */
export type Sitting = {
  readonly ip: string;
  readonly browser: string | undefined;
  readonly system: string | undefined;
  readonly country: string | undefined;
};

/**
 * Finds the words for where somebody sits. Outside of transactions: the first time of all it reads tables of names from the
 * disk.
 */
export async function sittingOf(ctx: Context, from: { ip: string; userAgent: string }): Promise<Sitting> {
  return { ip: from.ip, ...(await browserName(from.userAgent)), country: await countryOf(ctx, from.ip) };
}

/** Tells a person that they, or somebody in their name, signed in on a browser that was not known as theirs. */
export async function tellNewDevice(tx: Context, holder: Holder, sitting: Sitting): Promise<void> {
  if (!(await settingOf(tx, newDeviceLetters))) return;
  if ((await countUse(tx, LETTERS, `${holder.factor.kind} ${holder.factor.id}`)) > LETTERS.most) return;
  await tell(tx, holder, 'new-device', sitting);
}

/** Tells a person that the "remember me" of one of their browsers was presented by two. Always: it happens once to each. */
export async function tellCopied(tx: Context, holder: Holder, sitting: Sitting): Promise<void> {
  await tell(tx, holder, 'remembered-copied', sitting);
}

async function tell(tx: Context, holder: Holder, kind: BrowserLetter['kind'], sitting: Sitting): Promise<void> {
  const { person } = holder;
  const found =
    person.kind === 'user' ? await userOf(tx, person.userId) : await administratorOf(tx, person.administratorId);
  const { code } = await languageFor(tx, found.language);
  const letter = browserLetter({
    kind,
    to: { address: found.email, name: nameOf(found), language: code },
    company: await settingOf(tx, companyName),
    signIn: holder.label,
    browser: sitting.browser,
    system: sitting.system,
    at: tx.now(),
    from: sitting.ip,
    country: sitting.country,
    expiresAt: tx.now() + days(7),
    ...(person.kind === 'user' ? { userId: person.userId } : { administratorId: person.administratorId }),
  });
  await queueLetter(tx, letter);
}
