// Makes the first administrator of an empty installation, for whoever holds the link that was printed at the start.

import { setupIsOpen } from '#domain/administrators/setup.ts';
import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import { newPasswordRule } from '#domain/credentials/password-rule.ts';
import { makeFirstAdministrator } from '#domain/signup/first-administrator.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { page, show, textOr } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { emailField, passwordField, textField } from '#web/parts/field.ts';
import { fieldRow, form } from '#web/parts/form.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';
import { knock, STAFF } from '#web/sign-in.ts';

/**
 * Fields: token (of the printed link), username, firstName, lastName, email, password. Open only while there is no
 * administrator, and to the newest token alone. Of any number of posts one makes the administrator, and signs them in.
 */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'setup', most: 100, withinMs: minutes(15) },

  get: async (visit) => {
    const token = tokenOf(visit);
    if (!(await setupIsOpen(visit.ctx, token))) return show(closed(visit), 410);
    return show(picture(visit, token, await newPasswordRule(visit.ctx)));
  },

  post: async (visit) => {
    const typed = (name: string): string => visit.form.text(name);
    const given = {
      username: typed('username').trim(),
      firstName: typed('firstName'),
      lastName: typed('lastName'),
      email: typed('email').trim(),
      password: typed('password'),
    };
    await makeFirstAdministrator(visit.ctx, tokenOf(visit), given, visit.ip);
    return knock(visit, STAFF, given.username, given.password);
  },
});

function tokenOf({ form: posted, query }: Visit): string {
  return textOr(posted, 'token', query['token'] ?? '');
}

function picture(visit: Visit, token: string, rule: PasswordRule): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const shared = { errors, required: true };
  const named = (name: string): { name: string; value: string } => ({ name, value: visit.form.text(name) });
  return entranceRoom(frame, {
    title: t('entrance.setup.title'),
    intro: t('entrance.setup.intro'),
    errors,
    body: form(frame, {
      action: '/setup',
      errors,
      button: t('entrance.setup.button'),
      body: html`${hiddenField('token', token)}${fieldRow(
        textField(frame, {
          ...named('firstName'),
          ...shared,
          label: t('entrance.setup.first-name'),
          autocomplete: 'given-name',
          maxlength: 200,
        }),
        textField(frame, {
          ...named('lastName'),
          ...shared,
          label: t('entrance.setup.last-name'),
          autocomplete: 'family-name',
          maxlength: 200,
        }),
      )}${emailField(frame, { ...named('email'), ...shared, label: t('entrance.login.email') })}${textField(frame, {
        ...named('username'),
        ...shared,
        label: t('entrance.admin.username'),
        help: t('entrance.setup.username-help'),
        autocomplete: 'username',
        spellcheck: false,
        maxlength: 60,
      })}${passwordField(frame, {
        name: 'password',
        ...shared,
        label: t('entrance.login.password'),
        help: errors?.['password'] ? undefined : t('entrance.password.help', { minimum: rule.minimum }),
        autocomplete: 'new-password',
        rule,
      })}`,
    }),
  });
}

function closed({ frame }: Visit): Html {
  return entranceRoom(frame, {
    title: frame.t('entrance.setup.closed'),
    body: refusal(frame, {
      what: frame.t('errors.setup-over'),
      why: frame.t('errors.setup-over.why'),
      next: linkButton({ href: '/admin/login', text: frame.t('entrance.setup.to-login') }),
    }),
  });
}
