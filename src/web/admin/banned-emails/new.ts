// Refuses a domain or an address from now on.

import { banEmail } from '#domain/guard/banned-emails.ts';
import { html } from '#kit/html.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

const LIST = '/admin/banned-emails';

/** Fields: pattern, note. */
export default page({
  who: { is: 'staff', permission: 'Configure Banned Emails' },

  get: async ({ frame, form: typed, errors }) => {
    const { t } = frame;
    const pattern = textField(frame, {
      name: 'pattern',
      label: t('registration.banned.pattern'),
      help: t('registration.banned.pattern.help'),
      value: typed.text('pattern'),
      errors,
      required: true,
      autocomplete: 'off',
      spellcheck: false,
      maxlength: 254,
    });
    const note = textField(frame, {
      name: 'note',
      label: t('registration.banned.note'),
      help: t('registration.banned.note.help'),
      value: typed.text('note'),
      errors,
      required: false,
      autocomplete: 'off',
      maxlength: 500,
    });
    return show(
      adminRoom(frame, {
        title: t('registration.banned.add'),
        back: { href: LIST, text: t('registration.banned.title') },
        errors,
        body: card({
          body: form(frame, {
            errors,
            button: t('registration.banned.add.button'),
            secondary: linkButton({ href: LIST, text: t('registration.cancel') }),
            body: html`${pattern}${note}`,
          }),
        }),
      }),
    );
  },

  post: async ({ ctx, actor, form: typed }) => {
    await banEmail(ctx, actor, { pattern: typed.text('pattern'), note: typed.text('note') });
    return goTo(LIST, { tone: 'success', key: 'registration.banned.added' });
  },
});
