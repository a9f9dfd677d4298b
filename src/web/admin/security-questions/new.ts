// Puts a security question on the list.

import { addQuestion } from '#domain/credentials/security-questions.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

const LIST = '/admin/security-questions';

/** Fields: question. */
export default page({
  who: { is: 'staff', permission: 'Configure Security Questions' },
  get: async (visit) => show(picture(visit)),
  post: async ({ ctx, actor, form: typed }) => {
    await addQuestion(ctx, actor, typed.text('question'));
    return goTo(LIST, { tone: 'success', key: 'passwords.list.added' });
  },
});

function picture({ frame, form: typed, errors }: Visit): Html {
  const { t } = frame;
  return adminRoom(frame, {
    title: t('passwords.list.add'),
    back: { href: LIST, text: t('passwords.list.title') },
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('passwords.list.add.button'),
        secondary: linkButton({ href: LIST, text: t('passwords.list.cancel') }),
        body: textField(frame, {
          name: 'question',
          label: t('passwords.list.question'),
          help: t('passwords.list.add.help'),
          value: typed.text('question'),
          errors,
          required: true,
          autocomplete: 'off',
          maxlength: 200,
        }),
      }),
    }),
  });
}
