// The list of API credentials. Their secrets are not here, nor anywhere else: only hashes of them are kept.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { listAdministrators } from '#domain/administrators/administrators.ts';
import type { ApiCredential, ApiRole } from '#domain/administrators/api-credentials.ts';
import { listApiRoles, listCredentials } from '#domain/administrators/api-credentials.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { holdsAll } from '#web/administrator-parts.ts';
import { credentialStatus, reachOf } from '#web/credential-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago, date } from '#web/parts/time.ts';

const PATH = '/admin/api-credentials';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  get: async ({ ctx, ...rest }) => {
    const [credentials, roles, staff] = await Promise.all([
      listCredentials(ctx),
      listApiRoles(ctx),
      listAdministrators(ctx),
    ]);
    const owners = new Map(staff.map((one) => [one.id, one]));
    const rows = credentials.map((credential) => ({ credential, owner: owners.get(credential.administratorId) }));
    return show(picture({ ctx, ...rest }, rows, roles));
  },
});

type Row = { readonly credential: ApiCredential; readonly owner: Administrator | undefined };

function picture(visit: Visit, rows: readonly Row[], roles: readonly ApiRole[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const add = linkButton({ href: `${PATH}/new`, text: t('admin.api-credentials.add'), tone: 'primary', icon: 'plus' });
  return adminRoom(frame, {
    title: t('admin.api-credentials.title'),
    intro: t('admin.api-credentials.intro'),
    actions: rows.length > 0 ? add : undefined,
    wide: true,
    body: card({ flush: credentialTable(visit, rows, roles, add) }),
  });
}

function credentialTable(visit: Visit, rows: readonly Row[], roles: readonly ApiRole[], add: Html): Html {
  const { frame } = visit;
  const { t } = frame;
  return table<Row>(frame, {
    caption: t('admin.api-credentials.title'),
    rows,
    empty: empty({
      title: t('admin.api-credentials.empty'),
      text: t('admin.api-credentials.empty.text'),
      icon: 'key',
      action: add,
    }),
    columns: [
      {
        heading: t('admin.api-credentials.description'),
        kind: 'name',
        cell: ({ credential }) => credential.description || credential.identifier,
      },
      {
        heading: t('admin.api-credentials.identifier'),
        kind: 'short',
        wideOnly: true,
        // Enough to tell one from another; the whole of it stands where it is deleted.
        cell: ({ credential }) => html`<code>${credential.identifier.slice(0, 8)}…</code>`,
      },
      { heading: t('admin.api-credentials.administrator'), cell: ({ owner }) => owner?.username },
      { heading: t('admin.api-credentials.reach'), cell: ({ credential }) => reachOf(visit, credential, roles) },
      {
        heading: t('admin.api-credentials.state'),
        cell: ({ credential, owner }) => credentialStatus(visit, credential, owner),
      },
      {
        heading: t('admin.api-credentials.lastUsed'),
        kind: 'short',
        cell: ({ credential }) => ago(frame, credential.lastUsedAt, t('admin.api-credentials.never')),
      },
      {
        heading: t('admin.api-credentials.ends'),
        kind: 'short',
        cell: ({ credential }) => date(frame, credential.expiresAt, t('admin.api-credentials.endless')),
      },
      { heading: t('admin.api-credentials.acts'), kind: 'actions', cell: (row) => removalLink(visit, row) },
    ],
  });
}

/** Not for credentials of staff who may do more than the visitor. */
function removalLink(visit: Visit, { credential, owner }: Row): Html | undefined {
  if (!owner || !holdsAll(visit, owner.role.permissions)) return undefined;
  return linkButton({
    href: `${PATH}/${credential.id}/removal`,
    text: visit.frame.t('admin.api-credentials.remove'),
    about: credential.description || credential.identifier,
    small: true,
  });
}
