// Takes back consent to marketing letters by the link in one of them. Opening it changes nothing, since programs open links;
// the button does, and so does a mail program on its own (RFC 8058: a post without cookies, answered without a redirect).
// The token is the proof, so a post from elsewhere is as good; it can end letters and nothing else.

import { readUnsubscription, unsubscribe } from '#domain/consent/unsubscribing.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { Problem } from '#kit/problem.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { form } from '#web/parts/form.ts';
import { entranceRoom } from '#web/parts/rooms.ts';

export default page({
  who: { is: 'anyone' },
  acceptsForeignPosts: true,

  get: async (visit) => {
    const read = await readUnsubscription(visit.ctx, visit.params['token'] ?? '');
    if (!read) return show(unknown(visit), 404);
    return show(read.isDone ? done(visit) : question(visit));
  },

  post: async (visit) => {
    const { ctx, ip, params, form: typed } = visit;
    // Our own form holds a csrf field; what a mail program posts does not.
    const known = await unsubscribe(ctx, params['token'] ?? '', { ip, oneClick: !typed.has('csrf') });
    if (!known) throw new Problem('not-found', 'page-not-found');
    return show(done(visit));
  },
});

function question({ frame }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('records.unsubscribe.title'),
    intro: t('records.unsubscribe.question', { company: frame.brand.name }),
    body: form(frame, { body: html``, button: t('records.unsubscribe.button') }),
  });
}

function done({ frame }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('records.unsubscribe.done'),
    body: html`<p>${t('records.unsubscribe.done.text', { company: frame.brand.name })}</p>`,
    wayOut: html`<p><a href="/login">${t('records.unsubscribe.sign-in')}</a></p>`,
  });
}

function unknown({ frame }: Visit): Html {
  const { t } = frame;
  return entranceRoom(frame, {
    title: t('records.unsubscribe.unknown'),
    body: html`<p>${t('records.unsubscribe.unknown.text')}</p><p><a href="/unsubscribe">${t('records.unsubscribe.again')}</a></p>`,
  });
}
