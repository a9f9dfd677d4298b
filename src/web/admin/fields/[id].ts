// A custom field: what it asks, changed; and the way to take it away.

import type { CustomField } from '#domain/fields/custom-fields.ts';
import { changeField, fieldOf } from '#domain/fields/custom-fields.ts';
import type { Html } from '#kit/html.ts';
import { definitionFields, typedDefinition } from '#web/field-form.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/fields';

/** Fields: as of a new one. */
export default page({
  who: { is: 'staff', permission: 'Configure Custom Client Fields' },
  get: async (visit) => show(picture(visit, await fieldOf(visit.ctx, idOf(visit)))),
  post: async (visit) => {
    await changeField(visit.ctx, visit.actor, idOf(visit), typedDefinition(visit.form));
    return goTo(LIST, { tone: 'success', key: 'fields.changed' });
  },
});

function idOf(visit: Visit): number {
  return idInPath(visit, 'id', 'custom-field-not-found');
}

function picture(visit: Visit, field: CustomField): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: field.name,
    back: { href: LIST, text: t('fields.title') },
    errors,
    body: stack(
      card({
        body: form(frame, {
          errors,
          button: t('fields.save'),
          secondary: linkButton({ href: LIST, text: t('fields.cancel') }),
          body: definitionFields(visit, field),
        }),
      }),
      card({
        title: t('fields.remove'),
        intro: t('fields.remove.text'),
        tone: 'danger',
        body: linkButton({ href: `${LIST}/${field.id}/removal`, text: t('fields.remove'), icon: 'trash' }),
      }),
    ),
  });
}
