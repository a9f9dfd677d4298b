// Deletes an API credential, after saying what stops.

import { administratorOf } from '#domain/administrators/administrators.ts';
import type { ApiCredential } from '#domain/administrators/api-credentials.ts';
import { credentialOf, listApiRoles, removeCredential } from '#domain/administrators/api-credentials.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { reachOf } from '#web/credential-parts.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { card, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { definitions } from '#web/parts/definitions.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { dateTime } from '#web/parts/time.ts';
import { idInPath } from '#web/staff.ts';

const LIST = '/admin/api-credentials';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  stepUp: true,
  get: async (visit) => {
    const credential = await credentialOf(visit.ctx, idInPath(visit, 'id', 'credential-not-found'));
    const owner = await administratorOf(visit.ctx, credential.administratorId);
    const reach = reachOf(visit, credential, await listApiRoles(visit.ctx));
    return show(picture(visit, credential, { owner: owner.username, reach }));
  },
  post: async (visit): Promise<Answer> => {
    const credential = await credentialOf(visit.ctx, idInPath(visit, 'id', 'credential-not-found'));
    await removeCredential(visit.ctx, visit.actor, credential.id);
    return goTo(LIST, {
      tone: 'success',
      key: 'admin.api-credentials.removed',
      values: { name: nameOf(credential) },
    });
  },
});

function picture(
  visit: Visit,
  credential: ApiCredential,
  about: { readonly owner: string; readonly reach: string },
): Html {
  const { frame } = visit;
  const { t } = frame;
  const name = nameOf(credential);
  const used = html`${dateTime(frame, credential.lastUsedAt, t('admin.api-credentials.never'))}${
    credential.lastUsedIp && ` · ${credential.lastUsedIp}`
  }`;
  const facts = definitions(frame, [
    { term: t('admin.api-credentials.identifier'), value: html`<code>${credential.identifier}</code>` },
    { term: t('admin.api-credentials.administrator'), value: about.owner },
    { term: t('admin.api-credentials.reach'), value: about.reach },
    { term: t('admin.api-credentials.addresses'), value: credential.allowedAddresses.join(', ') },
    { term: t('admin.api-credentials.made'), value: dateTime(frame, credential.createdAt) },
    { term: t('admin.api-credentials.lastUsed'), value: used },
    {
      term: t('admin.api-credentials.ends'),
      value: dateTime(frame, credential.expiresAt, t('admin.api-credentials.endless')),
    },
  ]);
  return adminRoom(frame, {
    title: t('admin.api-credentials.remove.heading', { name }),
    back: { href: LIST, text: t('admin.api-credentials.title') },
    body: stack(
      card({ body: facts }),
      card({
        body: confirmation(frame, {
          losses: [t('admin.api-credentials.remove.loss')],
          kept: t('admin.api-credentials.remove.kept'),
          button: t('admin.api-credentials.remove.button', { name }),
          cancel: { href: LIST, text: t('admin.api-credentials.cancel') },
        }),
      }),
    ),
  });
}

function nameOf(credential: ApiCredential): string {
  return credential.description || credential.identifier;
}
