// Signs out whoever is signed in here, and goes on with the link of somebody else.

import { passwordLinkState } from '#domain/login/password-links.ts';
import { signOut } from '#domain/sessions/ending.ts';
import type { Visit } from '#web/page.ts';
import { goTo, leave, page } from '#web/page.ts';

/** No fields. */
export default page({
  who: { is: 'anyone' },

  get: async (visit) => goTo(linkOf(visit)),

  post: async (visit) => {
    const { ctx, actor, user, administrator, ip } = visit;
    const back = linkOf(visit);
    const state = await passwordLinkState(ctx, visit.params['token'] ?? '');
    if (state.is !== 'open') return goTo(back);
    if (state.side === 'user' && user) await signOut(ctx, actor, user.sessionId);
    // The entrance takes its visitor for a customer; here it may be the administrator who acts.
    if (state.side === 'administrator' && administrator) {
      const { administratorId, username, sessionId } = administrator;
      await signOut(ctx, { kind: 'administrator', administratorId, name: username, ip }, sessionId);
    }
    return leave(state.side, back);
  },
});

/** The page of the link; whatever stood for it in this address, it stays one part of a path. */
function linkOf({ params }: Visit): string {
  return `/password/set/${encodeURIComponent(params['token'] ?? '')}`;
}
