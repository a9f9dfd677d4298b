// Leads to a place of the person's account: where links end that name a place and no account, such as those of older sites.

import type { Account } from '#domain/access/accounts.ts';
import { accountsOf } from '#domain/access/accounts.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { ssoDestinations } from '#domain/sso/sso.settings.ts';
import { withGoto } from '#web/goto.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page } from '#web/page.ts';
import type { Place } from '#web/places.ts';
import { findPlace, idIn } from '#web/places.ts';

/**
 * Query: id (of a service or domain). One account: to its place; several: to choose first; a stranger: to sign in first,
 * unless the place is for everybody. What the person may open there is checked where they arrive.
 */
export default page({
  who: { is: 'anyone' },

  get: async (visit) => {
    const place = findPlace(visit.params['place'] ?? '');
    if (!place) return goTo('/');
    const everybodys = await publicTarget(visit, place);
    if (everybodys !== undefined) return goTo(everybodys);
    const id = idIn(visit.query['id']);
    const query = id === undefined ? '' : `?id=${id}`;
    if (!visit.user) return goTo(withGoto('/login', `/go/${place.name}${query}`));
    const open = (await accountsOf(visit.ctx, visit.user.userId)).filter(isOpen);
    if (open.length === 1) return goTo(`/account/${open[0]?.client.id}/go/${place.name}${query}`);
    if (open.length === 0) return goTo('/');
    return goTo(`/account?for=${place.name}${query.replace('?', '&')}`);
  },
});

/** The operator's address of a place for everybody, when it asks for nobody's id. */
async function publicTarget({ ctx }: Visit, place: Place): Promise<string | undefined> {
  if (place.opensTo !== 'public') return undefined;
  const entered = (await settingOf(ctx, ssoDestinations))[`clientarea:${place.name}`];
  return entered?.includes('{') ? undefined : entered;
}

function isOpen({ client }: Account): boolean {
  return client.status !== 'Closed';
}
