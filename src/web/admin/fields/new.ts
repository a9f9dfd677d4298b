// Makes a custom field.

import { addField, listFields } from '#domain/fields/custom-fields.ts';
import { definitionFields, typedDefinition } from '#web/field-form.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

const LIST = '/admin/fields';

/** Fields: name, description, type, options, pattern, required, onOrderForm, onInvoice, adminOnly, position. */
export default page({
  who: { is: 'staff', permission: 'Configure Custom Client Fields' },

  get: async (visit) => {
    const { frame, errors } = visit;
    const { t } = frame;
    const last = Math.max(0, ...(await listFields(visit.ctx)).map((field) => field.position));
    const nothing = { name: '', description: '', type: 'text', options: [], pattern: '' } as const;
    const unasked = { adminOnly: false, required: false, onOrderForm: true, onInvoice: false };
    return show(
      adminRoom(frame, {
        title: t('fields.add'),
        back: { href: LIST, text: t('fields.title') },
        errors,
        body: card({
          body: form(frame, {
            errors,
            button: t('fields.add.button'),
            secondary: linkButton({ href: LIST, text: t('fields.cancel') }),
            body: definitionFields(visit, { ...nothing, ...unasked, position: last + 1 }),
          }),
        }),
      }),
    );
  },

  post: async ({ ctx, actor, form: typed }) => {
    await addField(ctx, actor, typedDefinition(typed));
    return goTo(LIST, { tone: 'success', key: 'fields.added' });
  },
});
