// A user's names, address and language. Fields: firstName, lastName, email, language; whatever else is posted is not read.

import { changeUser, isLanguage } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { languageField } from '#web/client-fields.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { emailField, textField } from '#web/parts/field.ts';
import { fieldRow, form } from '#web/parts/form.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf, userTab } from '#web/user-profile.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  stepUp: true,
  get: async (visit) => {
    const file = await userFileOf(visit);
    return show(userTab(visit, file, { tab: visit.frame.t('admin.user.tab.profile'), body: picture(visit, file) }));
  },
  post: save,
});

async function save(visit: Visit): Promise<Answer> {
  const { ctx, form: typed } = visit;
  const { user, href } = await userFileOf(visit);
  const language = typed.text('language');
  if (!isLanguage(language)) throw invalid({ language: 'setting-not-an-option' });
  const change = {
    firstName: typed.text('firstName'),
    lastName: typed.text('lastName'),
    email: typed.text('email'),
    language,
  };
  await atField(changeUser(ctx, visit.actor, user.id, change), { 'email-taken': 'email' });
  return goTo(`${href}/profile`, { tone: 'success', key: 'admin.client.saved' });
}

function picture(visit: Visit, { user }: UserFile): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const nameField = (name: 'firstName' | 'lastName') =>
    textField(frame, {
      name,
      label: t(`admin.client.field.${name}`),
      value: textOr(typed, name, user[name]),
      errors,
      required: true,
      autocomplete: 'off',
      spellcheck: false,
      maxlength: 200,
    });
  return card({
    body: form(frame, {
      errors,
      button: t('admin.client.save'),
      body: html`${fieldRow(nameField('firstName'), nameField('lastName'))}${emailField(frame, {
        name: 'email',
        label: t('admin.user.email'),
        help: t('admin.user.email.help'),
        value: textOr(typed, 'email', user.email),
        errors,
        required: true,
        autocomplete: 'off',
      })}${languageField(visit, user.language)}`,
    }),
  });
}
