// Makes a client group.

import { addGroup } from '#domain/clients/groups.ts';
import { groupFields, typedGroup } from '#web/group-form.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

const LIST = '/admin/groups';

/** Fields: name, colour, discountPercent, suspendExempt, separateInvoices. */
export default page({
  who: { is: 'staff', permission: 'Configure Client Groups' },

  get: async (visit) => {
    const { frame, errors } = visit;
    const { t } = frame;
    const nothing = { name: '', colour: '#0b6b6b', discountPercent: '0.00' };
    return show(
      adminRoom(frame, {
        title: t('fields.group.add'),
        back: { href: LIST, text: t('fields.groups.title') },
        errors,
        body: card({
          body: form(frame, {
            errors,
            button: t('fields.group.add.button'),
            secondary: linkButton({ href: LIST, text: t('fields.cancel') }),
            body: groupFields(visit, { ...nothing, suspendExempt: false, separateInvoices: false }),
          }),
        }),
      }),
    );
  },

  post: async ({ ctx, actor, form: typed }) => {
    await addGroup(ctx, actor, typedGroup(typed));
    return goTo(LIST, { tone: 'success', key: 'fields.group.added' });
  },
});
