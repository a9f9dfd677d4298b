// Bans an address or a range.

import { banAddress } from '#domain/guard/bans.ts';
import { plainRange } from '#kit/address.ts';
import { days, hours } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { dayEnd } from '#web/day.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { checkbox, selectField } from '#web/parts/choice.ts';
import { textField } from '#web/parts/field.ts';
import { fieldRow, form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { may } from '#web/staff.ts';

const LIST = '/admin/bans';

/** How long a ban may hold, by the words of the list; `day` asks for one, `good` has no end. */
const LENGTHS = { hour: hours(1), day1: days(1), week: days(7), month: days(30), day: undefined, good: undefined };
type Length = keyof typeof LENGTHS;
const LENGTH_NAMES: readonly Length[] = ['hour', 'day1', 'week', 'month', 'day', 'good'];

export default page({
  who: { is: 'staff', permission: 'Add Banned IP' },
  get: async (visit) => show(picture(visit)),
  post: ban,
});

async function ban(visit: Visit): Promise<Answer> {
  const { ctx, actor, form: given } = visit;
  const range = given.text('range');
  await banAddress(ctx, actor, {
    range,
    reason: given.text('reason'),
    reasonShown: given.has('reasonShown'),
    source: 'manual',
    expiresAt: endOf(visit),
  });
  // Who may ban need not be allowed to see the list.
  return goTo(may(visit, 'View Banned IPs') ? LIST : `${LIST}/new`, {
    tone: 'success',
    key: 'admin.bans.added',
    values: { address: plainRange(range) ?? range },
  });
}

function endOf({ ctx, form: given }: Visit): number | undefined {
  const length = LENGTH_NAMES.find((name) => name === given.text('lasts'));
  if (length === undefined) throw invalid({ lasts: 'ban-length-missing' });
  if (length === 'good') return undefined;
  if (length !== 'day') return ctx.now() + (LENGTHS[length] ?? 0);
  const end = dayEnd(given.text('expires').trim());
  if (end === undefined) throw invalid({ expires: 'date-invalid' });
  return end;
}

function picture(visit: Visit): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const lists = may(visit, 'View Banned IPs');
  const address = textField(frame, {
    name: 'range',
    label: t('admin.bans.address'),
    help: t('admin.bans.address.help'),
    errors,
    required: true,
    value: given.text('range'),
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 60,
    width: 'medium',
  });
  const reason = textField(frame, {
    name: 'reason',
    label: t('admin.bans.reason'),
    help: t('protection.ban.reason.help'),
    errors,
    required: false,
    value: given.text('reason'),
    autocomplete: 'off',
    maxlength: 500,
  });
  const reasonShown = checkbox(frame, {
    name: 'reasonShown',
    label: t('protection.ban.reason.shown'),
    help: t('protection.ban.reason.shown.help'),
    checked: given.has('reasonShown'),
  });
  const lasts = selectField(frame, {
    name: 'lasts',
    label: t('admin.bans.lasts'),
    errors,
    required: true,
    value: textOr(given, 'lasts', 'week'),
    choices: LENGTH_NAMES.map((name) => ({ value: name, text: t(`admin.bans.lasts.${name}`) })),
  });
  const expires = textField(frame, {
    name: 'expires',
    label: t('admin.bans.lastDay'),
    help: t('admin.bans.lastDay.help'),
    errors,
    value: given.text('expires'),
    type: 'date',
  });
  return adminRoom(frame, {
    title: t('admin.bans.new.title'),
    intro: t('admin.bans.intro', { address: visit.ip }),
    back: lists ? { href: LIST, text: t('admin.bans.title') } : undefined,
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('admin.bans.new.button'),
        secondary: lists ? linkButton({ href: LIST, text: t('admin.bans.cancel') }) : undefined,
        body: html`${address}${reason}${reasonShown}${fieldRow(lasts, expires)}`,
      }),
    }),
  });
}
