// A hidden field of a client: shown once to staff who enter their own password, and written down. Or deleted.
// Fields: current (the own password) to see it; clear to delete it.

import { fieldOf } from '#domain/fields/custom-fields.ts';
import { clearValue, revealValue } from '#domain/fields/field-values.ts';
import { requireOwnAdministratorPassword } from '#domain/login/own-password.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep } from '#web/client-profile.ts';
import type { Answer, VisitOf } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { passwordField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { secretBox } from '#web/parts/secret.ts';
import { idInPath } from '#web/staff.ts';

type StaffVisit = VisitOf<{ is: 'staff'; permission: 'Edit Clients Details' }>;
type Field = { readonly id: number; readonly name: string };

export default page({
  who: { is: 'staff', permission: 'Edit Clients Details' },
  get: async (visit) => show(picture(visit, await clientFileOf(visit), await hiddenFieldOf(visit))),
  post: async (visit) => (visit.form.has('clear') ? clear(visit) : reveal(visit)),
});

async function hiddenFieldOf(visit: StaffVisit): Promise<Field> {
  const field = await fieldOf(visit.ctx, idInPath(visit, 'field', 'custom-field-not-found'));
  if (field.type !== 'password') throw notFound('custom-field-not-found');
  return field;
}

async function reveal(visit: StaffVisit): Promise<Answer> {
  const { ctx, frame, form: typed, administrator } = visit;
  const [file, field] = [await clientFileOf(visit), await hiddenFieldOf(visit)];
  await requireOwnAdministratorPassword(ctx, administrator.administratorId, typed.text('current'));
  const secret = await revealValue(ctx, visit.actor, file.client.id, field.id);
  const box = secretBox(frame, { name: 'value', label: field.name, secret, help: frame.t('fields.reveal.help') });
  return show(clientStep(visit, file, { title: field.name, body: card({ body: box }) }));
}

async function clear(visit: StaffVisit): Promise<Answer> {
  const [file, field] = [await clientFileOf(visit), await hiddenFieldOf(visit)];
  await clearValue(visit.ctx, visit.actor, file.client.id, field.id);
  return goTo(clientLink(visit, file).href, { tone: 'success', key: 'fields.reveal.cleared' });
}

function picture(visit: StaffVisit, file: ClientFile, field: Field): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const ask = passwordField(frame, {
    name: 'current',
    label: t('fields.reveal.password'),
    errors,
    required: true,
    autocomplete: 'current-password',
  });
  return clientStep(visit, file, {
    title: t('fields.reveal.title', { name: field.name }),
    intro: t('fields.reveal.text'),
    body: stack(
      card({ body: form(frame, { errors, button: t('fields.reveal.button'), body: ask }) }),
      card({
        title: t('fields.reveal.clear'),
        intro: t('fields.reveal.clear.text'),
        tone: 'danger',
        body: form(frame, {
          scope: 'clear',
          tone: 'danger',
          button: t('fields.reveal.clear'),
          body: html`${hiddenField('clear', '1')}`,
        }),
      }),
    ),
  });
}
