// Gives somebody who is a user already access to a client. Fields: email, permissions (any number).

import { addMember } from '#domain/access/members.ts';
import { isAccessPermission } from '#domain/access/permissions.ts';
import { findUserByEmail, nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep, usersLink } from '#web/client-profile.ts';
import { atField } from '#web/field-faults.ts';
import { permissionsField } from '#web/member-fields.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { emailField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  get: async (visit) => show(picture(visit, await clientFileOf(visit))),
  post: add,
});

async function add(visit: Visit): Promise<Answer> {
  const { ctx, form: typed } = visit;
  const file = await clientFileOf(visit);
  const user = await findUserByEmail(ctx, oneLine(typed.text('email')));
  const wanted = typed.all('permissions');
  const permissions = wanted.filter(isAccessPermission);
  const faults: Record<string, string> = {};
  if (!user) faults['email'] = 'user-not-found';
  if (permissions.length === 0) faults['permissions'] = 'permissions-missing';
  if (permissions.length < wanted.length) faults['permissions'] = 'permission-unknown';
  if (!user || Object.keys(faults).length > 0) throw invalid(faults);
  const added = addMember(ctx, visit.actor, user.id, file.client.id, permissions);
  await atField(added, { 'already-member': 'email' });
  return goTo(usersLink(visit, file).href, {
    tone: 'success',
    key: 'admin.client.users.added',
    values: { name: nameOf(user) },
  });
}

function picture(visit: Visit, file: ClientFile): Html {
  const { frame, form: typed, errors } = visit;
  const { t } = frame;
  const back = usersLink(visit, file);
  return clientStep(visit, file, {
    title: t('admin.client.users.add.title', { name: file.name }),
    intro: t('admin.client.users.add.text'),
    back,
    body: card({
      body: form(frame, {
        errors,
        button: t('admin.client.users.add.button'),
        secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
        body: html`${emailField(frame, {
          name: 'email',
          label: t('admin.client.users.add.email'),
          value: typed.text('email'),
          errors,
          required: true,
          autocomplete: 'off',
        })}${permissionsField(visit, [])}`,
      }),
    }),
  });
}
