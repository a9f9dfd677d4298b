// Gives somebody access to a client: by an invitation, or at once where they are a user here already.

import { invite } from '#domain/access/invitations.ts';
import { addMember } from '#domain/access/member-changes.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import { findUserByEmail, nameOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import { accessFields, typedAccess, withPreset } from '#web/access-fields.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientStep, usersLink } from '#web/client-profile.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { radioGroup } from '#web/parts/choice.ts';
import { emailField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { areServicesLinked } from '#web/places.ts';

/**
 * Query: email, to begin with. Fields: email; send, `no` for access at once and without a letter, for somebody who is a user already; those of
 * access-fields.ts. Errors: `user-not-found` at email where there is nobody to give access to at once.
 */
export default page({
  who: { is: 'staff', permission: 'Manage Users' },
  get: async (visit) => show(await picture(visit, await clientFileOf(visit))),
  post: async (visit) => {
    const file = await clientFileOf(visit);
    const filled = withPreset(visit);
    if (filled) return show(await picture(filled, file));
    return visit.form.text('send') === 'no' ? add(visit, file) : send(visit, file);
  },
});

async function send(visit: Visit, file: ClientFile): Promise<Answer> {
  const email = oneLine(visit.form.text('email'));
  const sent = invite(visit.ctx, visit.actor, file.client.id, { ...typedAccess(visit.form), email });
  await atField(sent, { 'already-member': 'email', 'already-invited': 'email' });
  return goTo(usersLink(visit, file).href, { tone: 'success', key: 'access.invite.sent', values: { email } });
}

async function add(visit: Visit, file: ClientFile): Promise<Answer> {
  const { ctx, form: typed } = visit;
  const user = await findUserByEmail(ctx, oneLine(typed.text('email')));
  const { permissions, lastsMs, ...limits } = typedAccess(typed);
  const faults: Record<string, string> = {};
  if (!user) faults['email'] = 'user-not-found';
  if (permissions.length === 0) faults['permissions'] = 'permissions-missing';
  if (!user || Object.keys(faults).length > 0) throw invalid(faults);
  const begin = Math.max(ctx.now(), limits.startsAt ?? 0);
  const endsAt = lastsMs === undefined ? limits.endsAt : begin + lastsMs;
  const added = addMember(ctx, visit.actor, user.id, file.client.id, permissions, { ...limits, endsAt });
  await atField(added, { 'already-member': 'email' });
  return goTo(usersLink(visit, file).href, {
    tone: 'success',
    key: 'admin.client.users.added',
    values: { name: nameOf(user) },
  });
}

async function picture(visit: Visit, file: ClientFile): Promise<Html> {
  const { frame, errors } = visit;
  const { t } = frame;
  const back = usersLink(visit, file);
  return clientStep(visit, file, {
    title: t('admin.client.users.add.title', { name: file.name }),
    intro: t('access.associate.text'),
    back,
    body: card({
      body: form(frame, {
        errors,
        button: t('admin.client.users.add.button'),
        secondary: linkButton({ href: back.href, text: t('admin.client.cancel') }),
        body: accessFields(visit, {
          mayGive: ACCESS_PERMISSIONS,
          mayLetInvite: true,
          servicesLinked: await areServicesLinked(visit.ctx),
          withLength: true,
          before: whomFields(visit),
        }),
      }),
    }),
  });
}

function whomFields({ frame, form: typed, errors, query }: Visit): Html {
  const { t } = frame;
  return html`${emailField(frame, {
    name: 'email',
    label: t('access.invite.email'),
    value: textOr(typed, 'email', query['email'] ?? ''),
    errors,
    required: true,
    autocomplete: 'off',
  })}${radioGroup(frame, {
    name: 'send',
    label: t('access.associate.send'),
    errors,
    value: typed.text('send') === 'no' ? 'no' : 'yes',
    choices: [
      { value: 'yes', text: t('access.associate.send.yes'), help: t('access.associate.send.yes.help') },
      { value: 'no', text: t('access.associate.send.no'), help: t('access.associate.send.no.help') },
    ],
  })}`;
}
