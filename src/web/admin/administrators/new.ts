// Makes an administrator: with a letter in which they choose their password, or with one chosen for them.

import type { Role } from '#domain/administrators/roles.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { addAdministratorWithPassword, inviteAdministrator } from '#domain/login/new-administrator.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { roleField, staffFields } from '#web/administrator-parts.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { radioGroup } from '#web/parts/choice.ts';
import { passwordField, textField } from '#web/parts/field.ts';
import { form, formSection } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { wholeNumber } from '#web/staff.ts';

const LIST = '/admin/administrators';

export default page({
  who: { is: 'staff', permission: 'Configure Administrators' },
  stepUp: true,
  get: async (visit) => show(picture(visit, await listRoles(visit.ctx))),
  post: add,
});

async function add(visit: Visit): Promise<Answer> {
  const { ctx, actor, form: given } = visit;
  const roleId = wholeNumber(given.text('role'));
  if (roleId === undefined) throw invalid({ role: 'role-missing' });
  const person = {
    roleId,
    username: given.text('username'),
    firstName: given.text('firstName'),
    lastName: given.text('lastName'),
    email: given.text('email'),
  };
  const byLetter = given.text('how') !== 'password';
  const made = byLetter
    ? inviteAdministrator(ctx, actor, person)
    : addAdministratorWithPassword(ctx, actor, person, given.text('password'));
  const id = await atField(made, { 'username-taken': 'username', 'email-taken': 'email' });
  return goTo(`${LIST}/${id}`, {
    tone: 'success',
    key: byLetter ? 'admin.administrators.invited' : 'admin.administrators.added',
    values: { username: person.username.trim(), address: person.email.trim() },
  });
}

function picture(visit: Visit, roles: readonly Role[]): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const who = html`${staffFields(visit, { firstName: '', lastName: '', email: '' })}${roleField(
    visit,
    roles,
    given.text('role'),
  )}`;
  return adminRoom(frame, {
    title: t('admin.administrators.new.title'),
    back: { href: LIST, text: t('admin.administrators.title') },
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('admin.administrators.new.button'),
        secondary: linkButton({ href: LIST, text: t('admin.administrators.cancel') }),
        body: html`${formSection({ title: t('admin.administrators.new.who'), body: who })}${formSection({
          title: t('admin.administrators.new.signIn'),
          intro: t('admin.administrators.new.signIn.intro'),
          body: signInFields(visit),
        })}`,
      }),
    }),
  });
}

function signInFields(visit: Visit): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  return html`${textField(frame, {
    name: 'username',
    label: t('admin.administrators.username'),
    help: t('admin.administrators.username.help'),
    errors,
    required: true,
    value: given.text('username'),
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 60,
    width: 'medium',
  })}${radioGroup(frame, {
    name: 'how',
    label: t('admin.administrators.how'),
    value: textOr(given, 'how', 'letter'),
    choices: [
      { value: 'letter', text: t('admin.administrators.how.letter'), help: t('admin.administrators.how.letter.help') },
      { value: 'password', text: t('admin.administrators.how.password') },
    ],
  })}${passwordField(frame, {
    name: 'password',
    label: t('admin.administrators.password'),
    help: t('admin.administrators.password.help'),
    errors,
    autocomplete: 'new-password',
    maxlength: 1000,
  })}`;
}
