// Leaves the place of a user: ends that session alone, and leads staff back to the admin area. The bar on every page posts here.

import { leavePlace } from '#domain/login/acting.ts';
import { nameOf } from '#domain/users/users.ts';
import { goTo, page, stopActing } from '#web/page.ts';

/** No fields. Whoever is there as themselves has nothing to leave. */
export default page({
  who: { is: 'user' },
  acting: 'always',

  post: async ({ ctx, user, ip }) => {
    const { acting } = user;
    if (!acting) return goTo('/');
    const actor = { kind: 'administrator', administratorId: acting.administratorId, name: acting.name, ip } as const;
    const place = await leavePlace(ctx, actor, user.sessionId);
    const back = place?.clientId === undefined ? `/admin/users/${user.userId}` : `/admin/clients/${place.clientId}`;
    return stopActing(back, { tone: 'success', key: 'support.acting.left', values: { name: nameOf(user) } });
  },
});
