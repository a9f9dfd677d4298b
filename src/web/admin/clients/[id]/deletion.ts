// Deletes a client for good. Fields: confirm (its name, typed), withUsers (also the people who are left without any client;
// for that the role must hold Delete Users too).

import { deleteClient } from '#domain/access/deletion.ts';
import type { Departure } from '#domain/access/departure.ts';
import { departureOf } from '#domain/access/departure.ts';
import type { Html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import type { ClientFile } from '#web/client-profile.ts';
import { clientFileOf, clientLink, clientStep, listLink } from '#web/client-profile.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, tickOr } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { checkbox } from '#web/parts/choice.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { isTypedName, may, requirePermission, shortName } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Delete Client' },
  get: async (visit) => {
    const file = await clientFileOf(visit);
    return show(picture(visit, file, await departureOf(visit.ctx, file.client.id)));
  },
  post: remove,
});

async function remove(visit: Visit): Promise<Answer> {
  const { ctx, form } = visit;
  const file = await clientFileOf(visit);
  const withUsers = form.has('withUsers');
  if (withUsers) requirePermission(visit, 'Delete Users');
  if (!isTypedName(form.text('confirm'), file.name)) throw invalid({ confirm: 'confirm-wrong' });
  const users = await deleteClient(ctx, visit.actor, file.client.id, withUsers);
  return goTo(listLink(visit).href, {
    tone: 'success',
    key: 'admin.client.deletion.done',
    values: { name: file.name, users },
  });
}

function picture(visit: Visit, file: ClientFile, { people, leftWithout }: Departure): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const { client, currency } = file;
  const title = t('admin.client.deletion.title', { name: file.name });
  const credit = t('admin.client.deletion.credit', { amount: frame.formatMoney(client.creditMinor, currency) });
  return clientStep(visit, file, {
    title,
    intro: t('admin.client.deletion.text'),
    body: card({
      body: confirmation(frame, {
        losses: [
          t('admin.client.deletion.profile'),
          t('admin.client.deletion.people', { people }),
          ...(client.creditMinor === 0 ? [] : [credit]),
        ],
        kept: t('admin.client.deletion.kept'),
        errors,
        typeName: file.name,
        fields: usersTick(visit, leftWithout),
        button: t('admin.client.deletion.title', { name: shortName(file.name) }),
        cancel: { href: clientLink(visit, file).href, text: t('admin.client.cancel') },
      }),
    }),
  });
}

function usersTick(visit: Visit, leftWithout: number): Html | undefined {
  const { t } = visit.frame;
  if (leftWithout === 0 || !may(visit, 'Delete Users')) return undefined;
  return checkbox(visit.frame, {
    name: 'withUsers',
    label: t('admin.client.deletion.users', { people: leftWithout }),
    help: t('admin.client.deletion.users.help'),
    checked: tickOr(visit.form, 'withUsers', false),
  });
}
