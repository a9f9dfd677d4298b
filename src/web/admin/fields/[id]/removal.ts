// Takes a custom field away, with what every client filled in. Fields: confirm (its name, typed).

import type { CustomField } from '#domain/fields/custom-fields.ts';
import { fieldOf, removeField, valuesOfField } from '#domain/fields/custom-fields.ts';
import type { Html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath, isTypedName } from '#web/staff.ts';

const LIST = '/admin/fields';

export default page({
  who: { is: 'staff', permission: 'Configure Custom Client Fields' },
  get: async (visit) => {
    const field = await fieldOf(visit.ctx, idInPath(visit, 'id', 'custom-field-not-found'));
    return show(picture(visit, field, await valuesOfField(visit.ctx, field.id)));
  },
  post: async (visit) => {
    const field = await fieldOf(visit.ctx, idInPath(visit, 'id', 'custom-field-not-found'));
    if (!isTypedName(visit.form.text('confirm'), field.name)) throw invalid({ confirm: 'confirm-wrong' });
    await removeField(visit.ctx, visit.actor, field.id);
    return goTo(LIST, { tone: 'success', key: 'fields.removed', values: { name: field.name } });
  },
});

function picture(visit: Visit, field: CustomField, filled: { count: number; exact: boolean }): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('fields.remove.title', { name: field.name }),
    back: { href: `${LIST}/${field.id}`, text: field.name },
    errors,
    body: card({
      body: confirmation(frame, {
        errors,
        losses: [t('fields.remove.loss', { count: filled.count, exact: filled.exact ? 'yes' : 'no' })],
        typeName: field.name,
        button: t('fields.remove'),
        cancel: { href: `${LIST}/${field.id}`, text: t('fields.cancel') },
      }),
    }),
  });
}
