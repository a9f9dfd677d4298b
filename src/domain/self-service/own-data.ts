// A copy of what is kept about a person, for themselves (GDPR, article 15 and 20). No secret is in it: no hash, no token, no
// link that opens something; and nothing about other people, such as which of the staff acted and from where.

import { linkedAccountsOf } from '#domain/access/accounts.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { AuditLine } from '#domain/audit/audit.ts';
import { ACTING, audit, auditLines } from '#domain/audit/audit.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { devicesOf } from '#domain/devices/devices.ts';
import { spendLimit } from '#domain/guard/limits.ts';
import { linkedIdentitiesOf } from '#domain/login/federation/linked-accounts.ts';
import { lettersTo } from '#domain/mail/letters-to-person.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { userOf } from '#domain/users/users.ts';
import { hours } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';

/** So many lines and letters at the most, the newest. */
const MOST_LINES = 5000;
const MOST_LETTERS = 500;
const EXPORTS = { name: 'own-data', most: 5, withinMs: hours(24) };

/** The copy: plain values, instants as ISO 8601 in UTC. */
export type OwnData = Readonly<Record<string, unknown>>;

/** Gathers it for somebody who has just proved who they are (login/step-up.ts). Throws `too-many`. */
export async function exportOwnData(ctx: Context, actor: Actor, userId: number): Promise<OwnData> {
  await spendLimit(ctx, EXPORTS, `user ${userId}`);
  await audit(ctx, actor, {
    event: 'user.data_exported',
    description: 'A copy of what is kept about a user was taken by the user',
    userId,
  });
  const user = await userOf(ctx, userId);
  const [accounts, elsewhere, sessions, browsers, lines, letters] = [
    await linkedAccountsOf(ctx, userId),
    await linkedIdentitiesOf(ctx, { kind: 'user', id: userId }),
    await sessionsOf(ctx, { userId }),
    await devicesOf(ctx, { kind: 'user', id: userId }),
    await auditLines(ctx, { userId }, { limit: MOST_LINES }),
    await lettersTo(ctx, userId, MOST_LETTERS),
  ];
  return {
    from: await settingOf(ctx, companyName),
    takenAt: instant(ctx.now()),
    profile: {
      id: user.id,
      uuid: user.uuid,
      firstName: user.firstName,
      lastName: user.lastName,
      email: user.email,
      emailVerifiedAt: instant(user.emailVerifiedAt),
      language: user.language,
      hasPassword: user.hasPassword,
      createdAt: instant(user.createdAt),
      lastSignInAt: instant(user.lastLoginAt),
      lastSignInFrom: user.lastLoginIp ?? null,
    },
    accounts: accounts.map(({ client, member }) => ({
      id: client.id,
      name: displayName(client),
      status: client.status,
      isOwner: member.isOwner,
      permissions: member.permissions,
      since: instant(member.createdAt),
      startsAt: instant(member.startsAt),
      endsAt: instant(member.endsAt),
      lastEnteredAt: instant(member.lastEnteredAt),
    })),
    accountsElsewhere: elsewhere.map((one) => ({
      provider: one.provider?.name ?? null,
      email: one.email,
      linkedAt: instant(one.linkedAt),
      lastUsedAt: instant(one.lastUsedAt),
    })),
    sessions: sessions.map((one) => ({
      signedInAt: instant(one.createdAt),
      lastSeenAt: instant(one.lastSeenAt),
      from: one.ip,
      browser: one.userAgent,
    })),
    browsers: browsers.map((one) => ({
      firstSeenAt: instant(one.firstSeenAt),
      lastSignInAt: instant(one.lastSeenAt),
      from: one.ip,
      browser: one.userAgent,
      trustedUntil: instant(one.trustedUntil),
    })),
    activity: lines.map(activityOf),
    letters: letters.map((letter) => ({
      at: instant(letter.at),
      sentAt: instant(letter.sentAt),
      to: letter.to,
      subject: letter.subject,
      text: letter.text,
    })),
  };
}

/**
 * The person's own acts with where they came from; of others' acts on them, that they happened and by which kind of actor.
 * Access is given and taken by the people of an account: such a line bears whom it happened to, not who did it.
 */
function activityOf(line: AuditLine): OwnData {
  const byUser = line.actorKind === 'user';
  const own = byUser && !line.event.startsWith('access.');
  return {
    at: instant(line.at),
    event: line.event,
    description: line.description,
    by: own
      ? 'you'
      : byUser
        ? 'a person of the account'
        : line.actorKind === ACTING
          ? 'staff in your place'
          : line.actorKind,
    from: own ? line.ip : null,
  };
}

function instant(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
