// A copy of what is kept about oneself, as a file.

import { exportOwnData } from '#domain/self-service/own-data.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { VisitOf } from '#web/page.ts';
import { handOut, page, show } from '#web/page.ts';
import { card } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { clientRoom } from '#web/parts/rooms.ts';

type OwnVisit = VisitOf<{ is: 'user' }>;

/** No fields. Answers a JSON file. Five a day. */
export default page({
  who: { is: 'user' },
  stepUp: true,
  limit: { name: 'own-data-page', most: 30, withinMs: minutes(15) },

  get: async (visit) => show(picture(visit)),

  post: async ({ ctx, actor, user }) => {
    const data = await exportOwnData(ctx, actor, user.userId);
    const bytes = Buffer.from(`${JSON.stringify(data, undefined, 2)}\n`);
    const day = new Date(ctx.now()).toISOString().slice(0, 10);
    return handOut({ name: `my-data-${day}.json`, type: 'application/json', size: bytes.length, bytes: once(bytes) });
  },
});

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function picture({ frame, errors }: OwnVisit): Html {
  const { t } = frame;
  const holds = (['profile', 'accounts', 'sessions', 'activity', 'letters'] as const).map(
    (one) => html`<li>${t(`people.export.holds.${one}`)}</li>`,
  );
  return clientRoom(frame, {
    title: t('people.export.title'),
    intro: t('people.export.intro'),
    back: { href: '/user/profile', text: t('client.profile.title') },
    errors,
    body: card({
      body: html`<p>${t('people.export.holds')}</p><ul>${holds}</ul>${form(frame, {
        errors,
        body: html``,
        button: t('people.export.button'),
      })}`,
    }),
  });
}
