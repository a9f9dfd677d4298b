// What follows a wrong password, beside the pause (tries.ts): the person is told when it was wrong often, and an address that
// guesses at the admin area is shut out for a while (behaviours.md 3.5; section 15, numbers 5 and 6; ASVS 5.0 V6.3.5). All of it
// goes by what was typed, and letters are written after the answer, so that neither words nor time tell who exists.

import { administratorOf, listAdministrators } from '#domain/administrators/administrators.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { banFor, countTowardsBan, FAILURES_TO_BAN } from '#domain/guard/ban-count.ts';
import { banByRule } from '#domain/guard/bans.ts';
import { whitelistedNotices } from '#domain/guard/guard.settings.ts';
import type { Limit } from '#domain/guard/limits.ts';
import { countUse } from '#domain/guard/limits.ts';
import type { AdminFailuresOutcome } from '#domain/login/failed-sign-ins.mail.ts';
import { adminFailuresLetter, guessedLetter } from '#domain/login/failed-sign-ins.mail.ts';
import type { Holder, Side } from '#domain/login/holder.ts';
import type { Source } from '#domain/login/tries.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { languageFor } from '#domain/settings/language-for.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { nameOf, userOf } from '#domain/users/users.ts';
import { days, hours, minutes } from '#kit/duration.ts';
import { later } from '#kit/later.ts';
import { comparable } from '#kit/text.ts';
import type { Context } from '#src/context.ts';
import { translator } from '#src/locales/words.ts';

const FAILURES: Limit = { name: 'login-failed', most: 10, withinMs: hours(1) };
const LETTERS: Limit = { name: 'login-failed-letter', most: 1, withinMs: days(1) };
/** Whoever has many addresses shall not fill the mailboxes of staff; the log has every ban. */
const STAFF_LETTERS: Limit = { name: 'admin-failures-letter', most: 5, withinMs: hours(1) };
const RULE = systemActor('Sign-in protection');

/** A try whose password was looked at and was wrong. */
export type FailedTry = { readonly side: Side; readonly name: string; readonly source: Source; readonly ip: string };

/** Notes it. The same statements whether anybody has the name. */
export async function afterFailedTry(ctx: Context, failed: FailedTry, holder: Holder | undefined): Promise<void> {
  const failures = await countUse(ctx, FAILURES, `${failed.side}:${comparable(failed.name).slice(0, 300)}`);
  if (failures === FAILURES.most && holder && !holder.disabled)
    afterTheAnswer(ctx, () => tellGuessed(ctx, holder, failures, failed.ip));
  if (failed.side === 'administrator' && failed.source.kind === 'visitor') await banWhenDue(ctx, failed, holder);
}

async function banWhenDue(ctx: Context, { ip, name }: FailedTry, holder: Holder | undefined): Promise<void> {
  if (!(await countTowardsBan(ctx, ip, name))) return;
  const plan = await banFor(ctx, ip);
  const tried = { from: ip, label: holder?.label };
  if (plan.is === 'spared') {
    if (plan.why !== 'listed' || (await settingOf(ctx, whitelistedNotices)))
      afterTheAnswer(ctx, () => tellStaff(ctx, tried, plan.why, undefined));
    return;
  }
  const until = ctx.now() + minutes(plan.minutes);
  const reason = `${FAILURES_TO_BAN} failed sign-ins to the admin area`;
  const banned = await ctx.transaction((tx) =>
    banByRule(tx, { ...RULE, ip }, { range: plan.range, reason, expiresAt: until, source: 'admin-login' }),
  );
  if (banned !== undefined) afterTheAnswer(ctx, () => tellStaff(ctx, { ...tried, from: banned }, 'banned', until));
}

/** Tells the person, at most once a day. */
async function tellGuessed(ctx: Context, holder: Holder, failures: number, ip: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    if ((await countUse(tx, LETTERS, `${holder.factor.kind} ${holder.factor.id}`)) > LETTERS.most) return;
    const { to, ids } = await readerOf(tx, holder);
    const at = instantIn(to.language, tx.now());
    const common = { company: await settingOf(tx, companyName), expiresAt: tx.now() + days(7) };
    await queueLetter(tx, guessedLetter({ ...common, ...ids, to, signIn: holder.label, failures, at, from: ip }));
    await audit(
      tx,
      { ...RULE, ip },
      {
        event: holder.person.kind === 'user' ? 'user.login.guessed' : 'admin.login.guessed',
        description: `${failures} sign-ins as ${holder.label} failed within an hour; a letter was written`,
        ...ids,
      },
    );
  });
}

type Reader = { readonly address: string; readonly name: string; readonly language: string };

async function readerOf(
  tx: Context,
  { person }: Holder,
): Promise<{ to: Reader; ids: { userId: number } | { administratorId: number } }> {
  const found =
    person.kind === 'user' ? await userOf(tx, person.userId) : await administratorOf(tx, person.administratorId);
  return {
    to: { address: found.email, name: nameOf(found), language: (await languageFor(tx, found.language)).code },
    ids: person.kind === 'user' ? { userId: person.userId } : { administratorId: person.administratorId },
  };
}

/** Tells staff whose role gets letters about the system. What was typed in vain is not repeated: it may be a password. */
async function tellStaff(
  ctx: Context,
  tried: { readonly from: string; readonly label: string | undefined },
  outcome: AdminFailuresOutcome,
  until: number | undefined,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    if ((await countUse(tx, STAFF_LETTERS, 'all')) > STAFF_LETTERS.most) return;
    const company = await settingOf(tx, companyName);
    const staff = (await listAdministrators(tx, false)).filter((one) => one.role.mailKinds.includes('system'));
    for (const one of staff) {
      const { code } = await languageFor(tx, one.language);
      await queueLetter(
        tx,
        adminFailuresLetter({
          to: { address: one.email, name: nameOf(one), language: code },
          company,
          from: tried.from,
          failures: FAILURES_TO_BAN,
          name: tried.label ?? translator(code)('protection.letter.staff.nobody'),
          outcome,
          until: until === undefined ? '' : instantIn(code, until),
          expiresAt: tx.now() + days(1),
          administratorId: one.id,
        }),
      );
    }
  });
}

function instantIn(code: string, at: number): string {
  return `${new Intl.DateTimeFormat(code, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at)} UTC`;
}

function afterTheAnswer(ctx: Context, work: () => Promise<void>): void {
  later(work, (error) => ctx.log.error({ err: error }, 'a letter about failed sign-ins could not be queued'));
}
