// Puts a change of owner back, by the link of the letter to the owner before. It needs no sign-in, which may be in somebody
// else's hands by now, and gives nothing to whoever opens it: the account goes back to the owner before, and to nobody else.

import type { OwnershipUndo, OwnershipUndoState } from '#domain/access/ownership-undo.ts';
import { ownershipUndoState, undoOwnershipByLink } from '#domain/access/ownership-undo.ts';
import { nameOf } from '#domain/users/users.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { refusal } from '#web/parts/refusal.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

/** No fields. Errors: `ownership-undo-over`. Opening the address changes nothing. */
export default page({
  who: { is: 'anyone' },
  limit: { name: 'ownership-undo', most: 60, withinMs: minutes(15) },

  get: async (visit) => {
    const state = await ownershipUndoState(visit.ctx, visit.params['token'] ?? '');
    if (state.is === 'open') return show(picture(visit, state.undo, state.account));
    return show(over(visit, state.is), state.is === 'unknown' ? 404 : 410);
  },

  post: async ({ ctx, params, ip }) => {
    await undoOwnershipByLink(ctx, params['token'] ?? '', ip);
    return goTo('/login', { tone: 'success', key: 'people.ownership.undo.done' });
  },
});

function picture({ frame }: Visit, undo: OwnershipUndo, account: string): Html {
  const { t } = frame;
  const until = frame.formatDateTime(undo.until);
  return entranceRoom(frame, {
    title: t('people.ownership.undo.title'),
    intro: t('people.ownership.undo.intro', { account, name: nameOf(undo.to) }),
    body: form(frame, {
      body: html`<p>${t('people.ownership.undo.text', { name: nameOf(undo.to), until })}</p>`,
      button: t('people.ownership.undo.button'),
    }),
    wayOut: html`<p><a href="/password/reset">${t('people.ownership.undo.password')}</a></p>`,
  });
}

function over({ frame }: Visit, why: Exclude<OwnershipUndoState['is'], 'open'>): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('people.ownership.undo.title'),
    body: refusal(frame, {
      what: t(`people.ownership.undo.${why}`),
      why: t('people.ownership.undo.over-why', { company: frame.brand.name }),
    }),
    wayOut: html`<a href="/login">${t('entrance.reset.back')}</a>`,
  });
}
