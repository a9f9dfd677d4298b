// Makes the Frame of a visit: words, formats, the brand, who is here.

import type { Account, NamedAccount } from '#domain/access/members.ts';
import { accountsToChangeTo, may } from '#domain/access/members.ts';
import { isAccessPermission } from '#domain/access/permissions.ts';
import { displayName } from '#domain/clients/clients.ts';
import type { SignedInAdministrator, SignedInUser } from '#domain/sessions/sessions.ts';
import { accentColour, companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';
import type { Language } from '#src/locales/words.ts';
import { translator } from '#src/locales/words.ts';
import type { Frame, FrameAccount, Notice } from '#web/parts/frame.ts';

/** What a frame is made of. */
export type FrameFacts = {
  readonly path: string;
  readonly csrf: string;
  readonly notice: Notice | undefined;
  readonly language: Language;
  /** This page in every language, for strangers. */
  readonly languages?: Frame['languages'];
  readonly user: SignedInUser | undefined;
  readonly account: Account | undefined;
  readonly administrator: SignedInAdministrator | undefined;
};

/** Makes the frame. Reads the person's accounts only in the client area. */
export async function frameOf(ctx: Context, facts: FrameFacts): Promise<Frame> {
  const { language, languages } = facts;
  const accent = await settingOf(ctx, accentColour);
  const { user, administrator, account, notice } = facts;
  return {
    t: translator(language.code),
    language: language.code,
    direction: language.direction,
    ...(languages ? { languages } : {}),
    brand: { name: await settingOf(ctx, companyName), ...(accent ? { accent } : {}) },
    path: facts.path,
    csrf: facts.csrf,
    ...(notice ? { notice } : {}),
    ...(user ? { user: { id: user.userId, name: nameOf(user), email: user.email } } : {}),
    ...(user ? { accounts: await accountsFor(ctx, user.userId) } : {}),
    ...(account
      ? {
          account: {
            ...frameAccount(account.client.id, account.client, account.member.isOwner),
            may: (name) => isAccessPermission(name) && may(account.member, name),
          },
        }
      : {}),
    ...(administrator ? { administrator: frameAdministrator(administrator) } : {}),
    ...formats(language.code),
    now: ctx.now(),
  };
}

async function accountsFor(ctx: Context, userId: number): Promise<FrameAccount[]> {
  const accounts = await accountsToChangeTo(ctx, userId);
  return accounts.map(({ id, name, isOwner }) => frameAccount(id, name, isOwner));
}

function frameAccount(id: number, named: NamedAccount['name'], isOwner: boolean): FrameAccount {
  return {
    id,
    name: `${named.firstName} ${named.lastName}`.trim() || displayName(named),
    company: named.companyName,
    role: isOwner ? 'owner' : 'member',
  };
}

function frameAdministrator(one: SignedInAdministrator): NonNullable<Frame['administrator']> {
  return {
    id: one.administratorId,
    name: nameOf(one),
    role: one.roleName,
    may: (permission) => (one.permissions as readonly string[]).includes(permission),
  };
}

type Formats = Pick<Frame, 'formatDate' | 'formatDateTime' | 'formatNumber' | 'formatMoney'>;
const made = new Map<string, Formats>();

/** Formats of a language; times are shown in UTC, and say so where it matters. */
function formats(language: string): Formats {
  const known = made.get(language);
  if (known) return known;
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  const number = new Intl.NumberFormat(language);
  const fresh: Formats = {
    formatDate: (at) => date.format(at),
    formatDateTime: (at) => `${dateTime.format(at)} UTC`,
    formatNumber: (n) => number.format(n),
    formatMoney: (minor, currency) =>
      new Intl.NumberFormat(language, { style: 'currency', currency }).format(minor / 100),
  };
  made.set(language, fresh);
  return fresh;
}
