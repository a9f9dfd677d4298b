// Signing out of the admin area; a session of the client area in the same browser stays.

import type { Actor } from '#domain/audit/actor.ts';
import { signOut } from '#domain/sessions/ending.ts';
import type { SignedInAdministrator } from '#domain/sessions/signed-in.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, leave, page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** No fields. */
export default page({
  who: { is: 'anyone' },

  get: async (visit) => (visit.administrator ? show(picture(visit, visit.administrator)) : goTo('/admin/login')),

  post: async (visit) => {
    const staff = visit.administrator;
    if (staff) await signOut(visit.ctx, staffActor(staff, visit.ip), staff.sessionId);
    return leave('administrator', '/admin/login', { tone: 'success', key: 'entrance.logout.done' });
  },
});

/** The entrance takes its visitor for a customer; here it is the administrator who acts. */
function staffActor(staff: SignedInAdministrator, ip: string): Actor {
  return { kind: 'administrator', administratorId: staff.administratorId, name: staff.username, ip };
}

function picture({ frame }: Visit, staff: SignedInAdministrator): Html {
  return entranceRoom(frame, {
    title: frame.t('entrance.logout.title'),
    intro: frame.t('entrance.logout.intro', { who: staff.username }),
    body: form(frame, { body: html``, button: frame.t('entrance.logout.button') }),
    wayOut: html`<a href="/admin">${frame.t('entrance.logout.stay')}</a>`,
  });
}
