// What the pages of single sign-on destinations share: where one leads, in words and as a state.

import type { SetDestination } from '#domain/sso/destinations.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { status } from '#web/parts/status.ts';

/** Where it leads: a page of ours, the operator's address, or nowhere yet. */
export function destinationStatus(visit: Visit, one: SetDestination): Html {
  const { t } = visit.frame;
  if (one.entered !== undefined) return status('info', t('admin.destinations.state.entered'));
  if (one.ours) return status('good', t('admin.destinations.state.ours'));
  return status('waiting', t('admin.destinations.state.nowhere'));
}

/** The page of a destination; its name holds a colon. */
export function destinationHref(one: Pick<SetDestination, 'name'>): string {
  return `/admin/destinations/${encodeURIComponent(one.name)}`;
}
