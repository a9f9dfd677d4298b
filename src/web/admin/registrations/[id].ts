// A registration that waits: what was typed, and the two decisions.

import type { FieldValue } from '#domain/fields/field-values.ts';
import { fieldsFor } from '#domain/fields/field-values.ts';
import { registrationOf } from '#domain/signup/registration-settling.ts';
import { countryName } from '#kit/countries.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { fieldValueText } from '#web/custom-fields.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { dateTime } from '#web/parts/time.ts';
import { idInPath, may } from '#web/staff.ts';

const LIST = '/admin/registrations';

export default page({
  who: { is: 'staff', permission: 'Add New Client' },
  get: async (visit) => {
    const waiting = await registrationOf(visit.ctx, idInPath(visit, 'id', 'registration-not-found'));
    const typed = new Map(waiting.typed.fields);
    const fields = (await fieldsFor(visit.ctx, 'newcomer')).map((field): FieldValue => {
      const text = typed.get(field.id) ?? '';
      return { field, text: field.type === 'password' ? '' : text, isSet: text !== '' };
    });
    return show(picture(visit, waiting, fields));
  },
});

type Waiting = Awaited<ReturnType<typeof registrationOf>>;

function picture(visit: Visit, waiting: Waiting, fields: readonly FieldValue[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const href = `${LIST}/${waiting.id}`;
  return adminRoom(frame, {
    title: waiting.name,
    intro: t('registration.queue.one', { until: frame.formatDate(waiting.expiresAt) }),
    back: { href: LIST, text: t('registration.queue.title') },
    body: stack(
      card({ title: t('registration.queue.typed'), body: facts(visit, waiting, fields) }),
      card({
        title: t('registration.queue.decide'),
        body: buttonRow(
          linkButton({ href: `${href}/approval`, text: t('registration.approve'), tone: 'primary', icon: 'check' }),
          linkButton({ href: `${href}/refusal`, text: t('registration.refuse'), icon: 'x' }),
        ),
      }),
    ),
  });
}

function facts(visit: Visit, waiting: Waiting, fields: readonly FieldValue[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const { profile } = waiting.typed;
  const lines = [profile.address1, profile.address2, profile.city, profile.state, profile.postcode];
  const place = [...lines, countryName(profile.country, frame.language)].filter((line) => line.trim() !== '');
  return definitions(frame, [
    { term: t('admin.client.field.name'), value: `${profile.firstName} ${profile.lastName}`.trim() },
    { term: t('admin.client.field.companyName'), value: profile.companyName },
    { term: t('admin.client.field.email'), value: profile.email },
    { term: t('admin.client.field.phoneNumber'), value: profile.phoneNumber },
    { term: t('admin.client.field.address'), value: html`${place.map((line) => html`<div>${line}</div>`)}` },
    { term: t('admin.client.field.taxId'), value: profile.taxId },
    ...fields.map((one) => ({ term: one.field.name, value: fieldValueText(frame, one) })),
    waiting.userId !== undefined && {
      term: t('registration.queue.by'),
      value: t('registration.queue.by.user', { id: String(waiting.userId) }),
      ...(may(visit, 'List Users')
        ? { action: { href: `/admin/users/${waiting.userId}`, text: t('admin.client.owner.open') } }
        : {}),
    },
    { term: t('registration.queue.ip'), value: waiting.ip },
    { term: t('registration.queue.since'), value: dateTime(frame, waiting.createdAt) },
  ]);
}
