// Who may enter a page: the permission it asks for, the account it is about, a fresh proof where it wants one.

import type { FastifyRequest } from 'fastify';
import type { Account } from '#domain/access/accounts.ts';
import type { Entry } from '#domain/access/entry.ts';
import { enterAccount } from '#domain/access/entry.ts';
import { may, mayInvite, noteEntry } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { isAccessPermission } from '#domain/access/permissions.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { closedReadableDays } from '#domain/clients/clients.settings.ts';
import { isFresh } from '#domain/login/step-up.ts';
import type { SignedInUser } from '#domain/sessions/signed-in.ts';
import { maintenance } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { days } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';
import { isKey } from '#src/locales/words.ts';
import { accessMissing, entryRefused, invitingMissing } from '#web/access-missing.ts';
import type { FoundPage } from '#web/front/found-pages.ts';
import type { MadeVisit } from '#web/front/made-visit.ts';
import { queryText } from '#web/front/typed.ts';
import type { Answer, Visit, Who } from '#web/page.ts';
import { goTo } from '#web/page.ts';

/** Sends a stranger to the sign-in page, with the way back; what they had is said there in words. */
export function turnAway(
  who: Who,
  visit: Visit,
  was: string | undefined,
  actedIn: string | undefined,
): { turnedAway?: Answer } {
  if (actedIn !== undefined && !visit.user)
    return { turnedAway: goTo(actedIn, { tone: 'info', key: 'support.acting.over' }) };
  if (who.is === 'staff' && !visit.administrator) return away('/admin/login', visit, was);
  if ((who.is === 'user' || who.is === 'account') && !visit.user) return away('/login', visit, was);
  return {};
}

function away(to: string, visit: Visit, was: string | undefined): { turnedAway: Answer } {
  const goto = visit.form.given ? '' : `?goto=${encodeURIComponent(visit.path + queryText(visit.query))}`;
  const key = `common.ended.${was ?? ''}`;
  const notice = was && isKey(key) ? { tone: 'info' as const, key } : undefined;
  return {
    turnedAway: {
      kind: 'redirect',
      to: `${to}${visit.path === '/' || visit.path === '/admin' ? '' : goto}`,
      notice,
      session: undefined,
    },
  };
}

/** Whether whoever is signed in may enter this page; throws what they are told otherwise. */
export async function requireEntry(ctx: Context, found: FoundPage, made: MadeVisit): Promise<void> {
  const { visit } = made;
  const who: Who = found.page.who;
  if (found.room === 'client' && (await settingOf(ctx, maintenance)))
    throw new Problem('unavailable', 'maintenance', { retryAfterSeconds: 600 });
  switch (who.is) {
    case 'anyone':
      return;
    case 'user':
      return requireOwnHands(found, visit);
    case 'account':
      requireOwnHands(found, visit);
      return requireAccount(ctx, made, who.permission);
    case 'staff':
      requireHeld(visit, who.permission);
      requireHeld(visit, who.also ?? 'any');
      return;
  }
}

/** Whether whoever is signed in proved lately enough who they are. */
export async function isFreshVisit({ ctx, user, administrator, form }: Visit): Promise<boolean> {
  const who = administrator
    ? { ...administrator, holder: { kind: 'administrator' as const, id: administrator.administratorId } }
    : user && { ...user, holder: { kind: 'user' as const, id: user.userId } };
  return who !== undefined && isFresh(ctx, who, form.given);
}

/** Asks who they are, and then goes on to where they wanted to be. */
export function askAgain(visit: Visit): Answer {
  const goto = encodeURIComponent(visit.path + queryText(visit.query));
  return goTo(`${visit.administrator ? '/admin' : '/user'}/confirm-identity?goto=${goto}`);
}

/**
 * Staff in the place of a user look, and change what the account holds where they may; never what is the person's own, makes
 * them safe, or lets others in (behaviours.md 3.13). Only what asks for a permission of an account is open to their posts, so
 * that a new page is closed until somebody thought of it.
 */
function requireOwnHands({ page }: FoundPage, { user, form }: Visit): void {
  if (!user?.acting || page.acting === 'always') return;
  if (page.stepUp || page.acting === 'never') throw new Problem('not-allowed', 'acting-secrets');
  if (!form.given) return;
  if (!user.acting.mayWrite) throw new Problem('not-allowed', 'acting-read-only');
  if (page.who.is !== 'account' || !isAccessPermission(page.who.permission))
    throw new Problem('not-allowed', 'acting-secrets');
}

function requireHeld({ administrator }: Visit, permission: Permission | 'any'): void {
  if (permission === 'any' || administrator?.permissions.includes(permission)) return;
  throw new Problem('not-allowed', 'permission-missing', {
    values: { permission, role: administrator?.roleName ?? '' },
  });
}

async function requireAccount(
  ctx: Context,
  { visit, entry }: MadeVisit,
  permission: AccessPermission | 'any' | 'owner' | 'inviter',
): Promise<void> {
  if (entry?.at !== 'entered')
    throw await entryRefused(ctx, visit.frame, entry, { userId: visit.user?.userId, client: visit.params.client });
  const { account } = entry;
  if (account.client.status === 'Closed' && !(await stillReadable(ctx, account, visit)))
    throw new Problem('not-allowed', 'account-closed');
  if (permission === 'owner' && !account.member.isOwner) throw new Problem('not-allowed', 'owner-only');
  if (permission === 'inviter' && !mayInvite(account.member)) throw await invitingMissing(ctx, account.client.id);
  if (isAccessPermission(permission) && !may(account.member, permission))
    throw await accessMissing(ctx, visit.frame, account.client.id, permission);
}

/** A closed account is for looking, and for a while (behaviours.md, section 15, number 16). */
async function stillReadable(ctx: Context, account: Account, visit: Visit): Promise<boolean> {
  if (visit.form.given) return false;
  const until = (account.client.closedAt ?? 0) + days(await settingOf(ctx, closedReadableDays));
  return ctx.now() < until;
}

/** What becomes of entering the account that the path names; undefined where it names none. */
export async function triedEntry(
  ctx: Context,
  request: FastifyRequest,
  user: SignedInUser,
): Promise<Entry | undefined> {
  const text = (request.params as Record<string, string>).client ?? ''; // Fastify's own: strings of the path
  if (!/^[1-9]\d{0,14}$/.test(text)) return undefined; // `0x1` and `1e0` are no other names of account 1
  const entry = await enterAccount(ctx, user, Number(text));
  if (entry.at === 'entered' && !user.acting) await noteEntry(ctx, entry.account.member);
  return entry;
}
