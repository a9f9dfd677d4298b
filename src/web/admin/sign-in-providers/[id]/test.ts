// Looks at a sign-in provider as it is now, and says what is wrong. Nobody is signed in by it.

import type { ProviderCheck } from '#domain/login/federation/provider-test.ts';
import { testProvider } from '#domain/login/federation/provider-test.ts';
import type { Provider } from '#domain/login/federation/providers.ts';
import { providerOf } from '#domain/login/federation/providers.ts';
import { minutes } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { isKey } from '#src/locales/words.ts';
import { PROVIDER_STAFF, PROVIDERS } from '#web/federation-providers.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { postButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { idInPath } from '#web/staff.ts';

/** No fields: posting looks. It asks the provider, so not all too often. */
export default page({
  who: PROVIDER_STAFF,
  stepUp: true,
  limit: { name: 'provider-test', most: 30, withinMs: minutes(10) },
  get: async (visit) => goTo(`${PROVIDERS}/${idInPath(visit, 'id', 'provider-not-found')}`),
  post: async (visit): Promise<Answer> => {
    const provider = await providerOf(visit.ctx, idInPath(visit, 'id', 'provider-not-found'));
    return show(picture(visit, provider, await testProvider(visit.ctx, provider)));
  },
});

const TONES = { yes: 'good', no: 'bad', unclear: 'waiting' } as const;
const OUTCOMES = {
  yes: 'federation.providers.test.good',
  no: 'federation.providers.test.bad',
  unclear: 'federation.providers.test.unclear',
} as const;

function picture({ frame }: Visit, { id, name }: Provider, checks: readonly ProviderCheck[]): Html {
  const { t } = frame;
  const here = `${PROVIDERS}/${id}`;
  return adminRoom(frame, {
    title: t('federation.providers.test.title', { name }),
    intro: t('federation.providers.test.intro'),
    back: { href: here, text: name },
    actions: postButton(frame, { action: `${here}/test`, text: t('federation.providers.test.again'), icon: 'refresh' }),
    body: card({
      flush: table<ProviderCheck>(frame, {
        caption: t('federation.providers.test.title', { name }),
        rows: checks,
        empty: empty({ title: t('federation.providers.test.unclear') }),
        columns: [
          {
            heading: t('federation.providers.test.what'),
            kind: 'name',
            cell: (one) => t(`federation.providers.test.check.${one.what}`),
          },
          {
            heading: t('federation.providers.test.outcome'),
            kind: 'short',
            cell: (one) => status(TONES[one.outcome], t(OUTCOMES[one.outcome])),
          },
          { heading: t('federation.providers.test.answer'), cell: (one) => sentence({ frame }, one) },
        ],
      }),
    }),
  });
}

function sentence({ frame }: Pick<Visit, 'frame'>, { what, outcome, count = 0, said }: ProviderCheck): Html {
  const usual = outcome === 'unclear' && what === 'pkce' ? 'no' : outcome;
  const key = `federation.providers.test.check.${what}.${usual}`;
  const words = isKey(key) ? frame.t(key, { count }) : '';
  return html`${words}${said && html` <code class="text-break">${said}</code>`}`;
}
