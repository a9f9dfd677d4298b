// Makes the Frame of a visit: words, formats, the brand, who is here.

import { ownersManagePeople } from '#domain/access/access.settings.ts';
import type { Account, NamedAccount } from '#domain/access/accounts.ts';
import { may, mayInvite } from '#domain/access/members.ts';
import { isAccessPermission } from '#domain/access/permissions.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import type { SignedInAdministrator, SignedInUser } from '#domain/sessions/signed-in.ts';
import { accentColour, companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf } from '#domain/users/users.ts';
import { verificationIsOn } from '#domain/verification/verification.ts';
import { days, minutes } from '#kit/duration.ts';
import type { Context } from '#src/context.ts';
import type { Language } from '#src/locales/words.ts';
import { translator } from '#src/locales/words.ts';
import type { Who } from '#web/page.ts';
import type { Frame, FrameAccount, Notice } from '#web/parts/frame.ts';

/** What a frame is made of. */
export type FrameFacts = {
  readonly path: string;
  /** Who may enter the page. */
  readonly who: Who;
  readonly csrf: string;
  readonly notice: Notice | undefined;
  readonly language: Language;
  /** This page in every language, for strangers. */
  readonly languages?: Frame['languages'];
  readonly user: SignedInUser | undefined;
  /** Those that the person may change to. */
  readonly accounts: readonly NamedAccount[] | undefined;
  readonly account: Account | undefined;
  readonly administrator: SignedInAdministrator | undefined;
};

/** The brand as it was last drawn, by the configuration of the process: for when the settings cannot be read. */
const brands = new WeakMap<Context['config'], Frame['brand']>();

/** The frame of a page that is drawn without the database. */
export function frameWithoutDatabase(ctx: Pick<Context, 'config' | 'now'>, language: Language): Frame {
  return {
    t: translator(language.code),
    language: language.code,
    direction: language.direction,
    brand: brands.get(ctx.config) ?? { name: companyName.fallback },
    path: '',
    csrf: '',
    ...formats(language.code),
    now: ctx.now(),
  };
}

/** Makes the frame. */
export async function frameOf(ctx: Context, facts: FrameFacts): Promise<Frame> {
  const { language, languages } = facts;
  const accent = await settingOf(ctx, accentColour);
  const brand = { name: await settingOf(ctx, companyName), ...(accent ? { accent } : {}) };
  brands.set(ctx.config, brand);
  const { user, administrator, account, accounts, notice } = facts;
  return {
    t: translator(language.code),
    language: language.code,
    direction: language.direction,
    ...(languages ? { languages } : {}),
    brand,
    path: facts.path,
    csrf: facts.csrf,
    ...(notice ? { notice } : {}),
    ...(user ? { user: await frameUser(ctx, user) } : {}),
    ...(user?.acting ? { acting: actingHere(user.acting, facts.who) } : {}),
    ...(accounts ? { accounts: accounts.map(({ id, name, isOwner }) => frameAccount(id, name, isOwner)) } : {}),
    ...(account
      ? {
          account: {
            ...frameAccount(account.client.id, account.client, account.member.isOwner),
            may: (name) => isAccessPermission(name) && may(account.member, name),
            mayInvite: mayInvite(account.member) && (await settingOf(ctx, ownersManagePeople)),
          },
        }
      : {}),
    ...(administrator ? { administrator: frameAdministrator(administrator) } : {}),
    ...formats(language.code),
    now: ctx.now(),
  };
}

/** What staff in the place of a user may do on a page, as front/entering.ts will hold their posts to. */
function actingHere({ until, mayWrite }: NonNullable<SignedInUser['acting']>, who: Who): NonNullable<Frame['acting']> {
  return { until, mayWrite, mayPost: mayWrite && who.is === 'account' && isAccessPermission(who.permission) };
}

async function frameUser(ctx: Context, user: SignedInUser): Promise<NonNullable<Frame['user']>> {
  const isUnproven = !user.acting && !user.addressProven && (await verificationIsOn(ctx));
  return { id: user.userId, name: nameOf(user), email: user.email, isUnproven, isAsked: user.isAsked };
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
    formatDate: remembering(days(1), (at) => date.format(at)),
    formatDateTime: remembering(minutes(1), (at) => `${dateTime.format(at)} UTC`),
    formatNumber: (n) => number.format(n),
    formatMoney: (minor, currency) => {
      const parts = minor % 100 === 0 ? {} : { minimumFractionDigits: 2 }; // of yen there are none, but credit may be of any amount
      return new Intl.NumberFormat(language, { style: 'currency', currency, ...parts }).format(minor / 100);
    },
  };
  made.set(language, fresh);
  return fresh;
}

const MOST_REMEMBERED = 5000;

/** A format whose words are the same all through a step of time, in UTC: the runtime takes longer to find them than the page. */
function remembering(step: number, format: (at: number) => string): (at: number) => string {
  const known = new Map<number, string>();
  return (at) => {
    const place = Math.floor(at / step);
    const before = known.get(place);
    if (before !== undefined) return before;
    const words = format(at);
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(place, words);
    return words;
  };
}
