// What the pages of API credentials share: what a credential reaches, and whether it works now.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { holds } from '#domain/administrators/administrators.ts';
import type { ApiCredential, ApiRole } from '#domain/administrators/api-credentials.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { status } from '#web/parts/status.ts';

/** What a credential may call, in words: every action, or the names of its roles. */
export function reachOf(visit: Visit, credential: ApiCredential, roles: readonly ApiRole[]): string {
  const { t } = visit.frame;
  if (credential.everyAction) return t('admin.api-credentials.everyAction');
  const names = roles.filter((role) => credential.roleIds.includes(role.id)).map((role) => role.name);
  return names.length === 0 ? t('admin.api-credentials.nothing') : names.join(', ');
}

/** Whether a call with it would be let in, and if not, why: the first reason as `enterApi` meets them. */
export function credentialStatus(visit: Visit, credential: ApiCredential, owner: Administrator | undefined): Html {
  const { t } = visit.frame;
  if (credential.expiresAt !== undefined && credential.expiresAt <= visit.ctx.now())
    return status('quiet', t('admin.api-credentials.state.ended'));
  if (!credential.everyAction && credential.roleIds.length === 0)
    return status('bad', t('admin.api-credentials.state.noRole'));
  if (!owner || owner.disabledAt !== undefined) return status('bad', t('admin.api-credentials.state.disabled'));
  if (!holds(owner, 'API Access')) return status('bad', t('admin.api-credentials.state.noAccess'));
  return status('good', t('admin.api-credentials.state.works'));
}
