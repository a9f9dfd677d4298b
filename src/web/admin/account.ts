// What a member of staff changes about themselves: their address too, where links for a new password go.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf, changeAdministrator } from '#domain/administrators/administrators.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { manyLines } from '#kit/text.ts';
import { accountTabs } from '#web/account-tabs.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { emailField, readOnlyField, textArea, textField } from '#web/parts/field.ts';
import { fieldRow, form, formSection } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

/** Fields: firstName, lastName, email, signature, notes. */
export default page({
  who: { is: 'staff', permission: 'My Account' },
  stepUp: true, // ASVS 5.0 V7.5.1
  get: async (visit) => show(picture(visit, await administratorOf(visit.ctx, visit.administrator.administratorId))),
  post: async (visit): Promise<Answer> => {
    const { ctx, actor, form: given, administrator } = visit;
    const done = changeAdministrator(ctx, actor, administrator.administratorId, {
      firstName: given.text('firstName'),
      lastName: given.text('lastName'),
      email: given.text('email'),
      signature: manyLines(given.text('signature')),
      notes: manyLines(given.text('notes')),
    });
    await atField(done, { 'email-taken': 'email' });
    return goTo('/admin/account', { tone: 'success', key: 'admin.account.changed' });
  },
});

function picture(visit: Visit, one: Administrator): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.account.title'),
    tabs: accountTabs(visit),
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('admin.account.save'),
        body: html`${formSection({ title: t('admin.account.who'), body: whoFields(visit, one) })}${formSection({
          title: t('admin.account.address'),
          intro: t('admin.account.address.intro'),
          body: addressFields(visit, one),
        })}${formSection({ title: t('admin.account.texts'), body: textFields(visit, one) })}`,
      }),
    }),
  });
}

function whoFields(visit: Visit, one: Administrator): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const first = textField(frame, {
    name: 'firstName',
    label: t('admin.administrators.firstName'),
    errors,
    required: true,
    value: textOr(given, 'firstName', one.firstName),
    autocomplete: 'given-name',
    maxlength: 200,
  });
  const last = textField(frame, {
    name: 'lastName',
    label: t('admin.administrators.lastName'),
    errors,
    required: true,
    value: textOr(given, 'lastName', one.lastName),
    autocomplete: 'family-name',
    maxlength: 200,
  });
  return html`${fieldRow(first, last)}${fieldRow(
    readOnlyField(frame, {
      label: t('admin.administrators.username'),
      value: one.username,
      why: t('admin.account.username.why'),
    }),
    readOnlyField(frame, {
      label: t('admin.administrators.role'),
      value: one.role.name,
      why: t('admin.account.role.why'),
    }),
  )}`;
}

function addressFields(visit: Visit, one: Administrator): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  return emailField(frame, {
    name: 'email',
    label: t('admin.administrators.email'),
    errors,
    required: true,
    value: textOr(given, 'email', one.email),
  });
}

function textFields(visit: Visit, one: Administrator): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  return html`${textArea(frame, {
    name: 'signature',
    label: t('admin.administrators.signature'),
    help: t('admin.account.signature.help'),
    errors,
    required: false,
    value: textOr(given, 'signature', one.signature),
    maxlength: 10_000,
  })}${textArea(frame, {
    name: 'notes',
    label: t('admin.administrators.notes'),
    help: t('admin.account.notes.help'),
    errors,
    required: false,
    value: textOr(given, 'notes', one.notes),
    maxlength: 10_000,
  })}`;
}
