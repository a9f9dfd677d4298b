// Signing out of the client area. The menus post here; an address that is opened (old links) is asked to confirm, since
// any site could make a browser open it.

import { signOut } from '#domain/sessions/ending.ts';
import type { SignedInUser } from '#domain/sessions/signed-in.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, leave, page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** No fields. Whoever is not signed in any more hears the same as somebody who just signed out. */
export default page({
  who: { is: 'anyone' },

  get: async (visit) => (visit.user ? show(picture(visit, visit.user)) : goTo('/login')),

  post: async (visit) => {
    if (visit.user) await signOut(visit.ctx, visit.actor, visit.user.sessionId);
    return leave('user', '/login', { tone: 'success', key: 'entrance.logout.done' });
  },
});

function picture({ frame }: Visit, user: SignedInUser): Html {
  return entranceRoom(frame, {
    title: frame.t('entrance.logout.title'),
    intro: frame.t('entrance.logout.intro', { who: user.email }),
    body: form(frame, { body: html``, button: frame.t('entrance.logout.button') }),
    wayOut: html`<a href="/">${frame.t('entrance.logout.stay')}</a>`,
  });
}
