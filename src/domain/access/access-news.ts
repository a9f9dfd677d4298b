// Tells the people of an account what happened to the access of one of them.

import {
  acceptedTemplate,
  declinedTemplate,
  endedTemplate,
  leftTemplate,
  yoursEndedTemplate,
} from '#domain/access/access-news.mail.ts';
import { findMember, mayInvite, ownerIdOf } from '#domain/access/members.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { findClient } from '#domain/clients/clients.ts';
import type { Letter } from '#domain/mail/letter.ts';
import { letterBy } from '#domain/mail/letter-template.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import { findUser, nameOf, usersOf } from '#domain/users/users.ts';
import { days } from '#kit/duration.ts';
import { harmlessName } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** What became of an invitation. `userId`: who accepted; nobody is named by declining. */
export type InvitationAnswer = { readonly is: 'accepted'; readonly userId: number } | { readonly is: 'declined' };

/** Tells the owner, and whoever sent it, what became of an invitation. */
export async function tellAnswer(
  tx: Context,
  of: { readonly clientId: number; readonly email: string; readonly invitedBy: number | undefined },
  answer: InvitationAnswer,
): Promise<void> {
  const accepter = answer.is === 'accepted' ? await findUser(tx, answer.userId) : undefined;
  const person = accepter ? calledWithAddress(accepter) : of.email;
  const template = answer.is === 'accepted' ? acceptedTemplate : declinedTemplate;
  await tell(tx, of.clientId, of.invitedBy, (about) =>
    letterBy(template, { ...about, values: { ...about.values, person, address: of.email } }),
  );
}

/** Tells the owner that somebody left. */
export async function tellLeft(tx: Context, clientId: number, userId: number): Promise<void> {
  const gone = await findUser(tx, userId);
  if (!gone) return;
  await tell(tx, clientId, undefined, (about) =>
    letterBy(leftTemplate, { ...about, values: { ...about.values, person: calledWithAddress(gone) } }),
  );
}

/** Tells the owner, and whoever it was, that somebody's time is over. */
export async function tellEnded(tx: Context, clientId: number, userId: number): Promise<void> {
  const gone = await findUser(tx, userId);
  if (!gone) return;
  await tell(tx, clientId, undefined, (about) =>
    letterBy(endedTemplate, { ...about, values: { ...about.values, person: calledWithAddress(gone) } }),
  );
  const about = await aboutFor(tx, clientId, gone);
  if (about) await queueLetter(tx, letterBy(yoursEndedTemplate, about));
}

type About = NonNullable<Awaited<ReturnType<typeof aboutFor>>>;

async function tell(
  tx: Context,
  clientId: number,
  invitedBy: number | undefined,
  write: (about: About) => Letter,
): Promise<void> {
  for (const user of (await toTell(tx, clientId, invitedBy)).values()) {
    const about = await aboutFor(tx, clientId, user);
    if (about) await queueLetter(tx, write(about));
  }
}

/** The owner, and whoever sent the invitation while they may still send some. */
async function toTell(tx: Context, clientId: number, invitedBy: number | undefined): Promise<Map<number, User>> {
  const ids = new Set<number>();
  const ownerId = await ownerIdOf(tx, clientId);
  if (ownerId !== undefined) ids.add(ownerId);
  const sender = invitedBy === undefined ? undefined : await findMember(tx, invitedBy, clientId);
  if (sender && mayInvite(sender)) ids.add(sender.userId);
  return usersOf(tx, [...ids]);
}

async function aboutFor(tx: Context, clientId: number, user: User) {
  const client = await findClient(tx, clientId);
  if (!client) return undefined;
  const name = nameOf(user);
  return {
    to: { address: user.email, name, language: user.language },
    values: { company: await settingOf(tx, companyName), account: displayName(client), name },
    url: await publicLink(tx, `/account/${clientId}/users`),
    expiresAt: tx.now() + days(7),
    userId: user.id,
    clientId,
  };
}

function calledWithAddress(user: User): string {
  const name = harmlessName(nameOf(user));
  return name === user.email || name === '' ? user.email : `${name} (${user.email})`;
}
