// Who is told of a recovery: the person at every address that we know, and whoever could vouch for them.

import { linkedAccountsOf } from '#domain/access/accounts.ts';
import { queueLetter, withdrawLetters } from '#domain/mail/outbox.ts';
import { soleOwnerOver } from '#domain/recovery/approvers.ts';
import type { RecoveryNews } from '#domain/recovery/recovery.mail.ts';
import { RECOVERY_KEY, recoveryHelpLetter, recoveryKeyLetter, recoveryLetter } from '#domain/recovery/recovery.mail.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { addressesBefore } from '#domain/users/email-undos.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { comparable, harmlessName } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** Queues the letters, in the transaction of what happened. */
export async function tellRecovery(tx: Context, user: User, what: RecoveryNews): Promise<void> {
  const company = await settingOf(tx, companyName);
  const url = 'token' in what ? await publicLink(tx, `/recovery/cancel/${what.token}`) : undefined;
  const expiresAt = 'expiresAt' in what ? what.expiresAt : tx.now() + days(7);
  for (const address of await knownAddresses(tx, user)) {
    const to = { address, name: nameOf(user), language: user.language };
    await queueLetter(tx, recoveryLetter({ to, company, what, url, expiresAt, userId: user.id }));
  }
  if (what.news === 'asked') await askOwner(tx, user, company, expiresAt);
}

/**
 * Queues the key that finishes a recovery, to the address that the person signs in with and to no other: what is known of
 * somebody is told everywhere, what opens something goes to one place. A letter that still waits with an older key never leaves.
 */
export async function sendRecoveryKey(
  tx: Context,
  user: User,
  about: { readonly key: string; readonly readyAt: number; readonly expiresAt: number },
): Promise<void> {
  const { key, readyAt, expiresAt } = about;
  await withdrawLetters(tx, RECOVERY_KEY, { userId: user.id });
  const url = await publicLink(tx, `/recovery/finish/${key}`);
  const to = { address: user.email, name: nameOf(user), language: user.language };
  const company = await settingOf(tx, companyName);
  await queueLetter(tx, recoveryKeyLetter({ to, company, url, readyAt, expiresAt, userId: user.id }));
}

/** The address one signs in with, those of the last days, and those of the accounts that one owns. */
async function knownAddresses(tx: Context, user: User): Promise<string[]> {
  const owned = (await linkedAccountsOf(tx, user.id)).filter(({ member }) => member.isOwner);
  const all = [user.email, ...(await addressesBefore(tx, user.id)), ...owned.map(({ client }) => client.email)];
  return [...new Map(all.filter((one) => one !== '').map((one) => [comparable(one), one])).values()].slice(0, 10);
}

async function askOwner(tx: Context, user: User, company: string, expiresAt: number): Promise<void> {
  const ownerId = await soleOwnerOver(tx, user.id);
  const [account] = await linkedAccountsOf(tx, user.id);
  if (ownerId === undefined || !account) return;
  const owner = await userOf(tx, ownerId);
  const to = { address: owner.email, name: nameOf(owner), language: owner.language };
  const url = await publicLink(tx, `/account/${account.client.id}/users/${user.id}/recovery`);
  await queueLetter(tx, recoveryHelpLetter({ to, company, person: calledIn(user), url, expiresAt, userId: owner.id }));
}

/** They chose their name, and the letter goes to somebody else. */
function calledIn(user: User): string {
  const name = nameOf(user);
  return name === user.email ? name : harmlessName(name) || user.email;
}
