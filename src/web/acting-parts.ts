// Entering the client area in the place of a user: one form, from the page of a client (its owner) and of a user.

import { actingLetter, actingMinutes } from '#domain/login/acting.settings.ts';
import { actInPlace, isStaffAddress, LONGEST_REASON } from '#domain/login/acting.ts';
import { ACTING_WRITES } from '#domain/sessions/signed-in.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { User } from '#domain/users/users.ts';
import { nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Answer, VisitOf } from '#web/page.ts';
import { actAs, textOr, tickOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { checkbox } from '#web/parts/choice.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { may, shortName } from '#web/staff.ts';

/** A visit of staff. */
export type StaffVisit = VisitOf<{ is: 'staff'; permission: 'any' }>;

/** In whose place, and for which account, if the way began at one. */
export type ActingPlace = {
  readonly user: User;
  readonly client: { readonly id: number; readonly isClosed: boolean } | undefined;
  readonly cancel: string;
};

/** Enters. Fields: reason; write, a tick. */
export async function enterInPlace(visit: StaffVisit, { user, client }: ActingPlace): Promise<Answer> {
  const { administrator, form: given, ip } = visit;
  const { administratorId, username: name, sessionId, methods } = administrator;
  const opened = await actInPlace(
    visit.ctx,
    { kind: 'administrator', administratorId, name, ip },
    {
      staff: { sessionId, methods },
      userId: user.id,
      clientId: client?.id,
      reason: given.text('reason'),
      mayWrite: given.has('write'),
      userAgent: visit.userAgent,
    },
  );
  return actAs(opened, client === undefined ? '/' : `/account/${client.id}`);
}

/** The form, or why there is none. */
export async function actingForm(visit: StaffVisit, place: ActingPlace): Promise<Html> {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const { user, cancel } = place;
  if (user.disabledAt !== undefined) return remark({ tone: 'info', body: t('support.acting.deactivated') });
  if (await isStaffAddress(ctx, user.email)) return remark({ tone: 'info', body: t('support.acting.staff-target') });
  const [minutes, letter] = [await settingOf(ctx, actingMinutes), await settingOf(ctx, actingLetter)];
  const name = nameOf(user);
  return card({
    body: form(frame, {
      errors,
      button: t('support.acting.button', { name: shortName(name) }),
      secondary: linkButton({ href: cancel, text: t('admin.client.cancel') }),
      body: html`<p>${t('support.acting.intro', { name, email: user.email, minutes })}</p><p>${t(
        'support.acting.told',
        {
          letter: letter ? 'yes' : 'no',
        },
      )}</p>${textField(frame, {
        name: 'reason',
        label: t('support.acting.reason'),
        help: t('support.acting.reason.help'),
        errors,
        required: true,
        value: textOr(visit.form, 'reason', ''),
        autocomplete: 'off',
        maxlength: LONGEST_REASON,
      })}${writeTick(visit, place)}`,
    }),
  });
}

function writeTick(visit: StaffVisit, { client }: ActingPlace): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const mayWrite = may(visit, ACTING_WRITES);
  const isClosed = client?.isClosed ?? false;
  const help = !mayWrite
    ? t('support.acting.write.missing', { permission: ACTING_WRITES })
    : isClosed
      ? t('support.acting.write.closed')
      : t('support.acting.write.help');
  return checkbox(frame, {
    name: 'write',
    label: t('support.acting.write'),
    help,
    errors,
    checked: mayWrite && !isClosed && tickOr(visit.form, 'write', false),
    disabled: !mayWrite || isClosed,
  });
}
