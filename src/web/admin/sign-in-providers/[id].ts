// A sign-in provider: its redirect addresses, and what is kept of it. The secret is never shown again.

import type { Provider } from '#domain/login/federation/providers.ts';
import { changeProvider, providerOf } from '#domain/login/federation/providers.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import {
  PROVIDER_STAFF,
  PROVIDERS,
  providerFields,
  providerStatus,
  providerWish,
  redirectAddresses,
} from '#web/federation-providers.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { form } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: PROVIDER_STAFF,
  stepUp: true,
  get: async (visit) => {
    const provider = await providerOf(visit.ctx, idInPath(visit, 'id', 'provider-not-found'));
    return show(picture(visit, provider, await redirectAddresses(visit, provider.slug)));
  },
  post: async (visit): Promise<Answer> => {
    const id = idInPath(visit, 'id', 'provider-not-found');
    await changeProvider(visit.ctx, visit.actor, id, providerWish(visit.form));
    return goTo(`${PROVIDERS}/${id}`, { tone: 'success', key: 'federation.providers.saved' });
  },
});

function picture(visit: Visit, provider: Provider, addresses: Html): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const here = `${PROVIDERS}/${provider.id}`;
  return adminRoom(frame, {
    title: provider.name,
    intro: html`<ul class="list-unstyled d-flex flex-wrap gap-3 m-0"><li>${providerStatus(frame, provider)}</li><li class="text-break">${provider.issuer}</li></ul>`,
    back: { href: PROVIDERS, text: t('federation.providers.title') },
    actions: postButton(frame, { action: `${here}/test`, text: t('federation.providers.test'), icon: 'circle-check' }),
    errors,
    body: stack(
      card({ title: t('federation.providers.redirect'), body: addresses }),
      card({
        body: form(frame, {
          errors,
          button: t('federation.providers.save'),
          body: providerFields(visit, provider.kind, provider),
        }),
      }),
      card({
        tone: 'danger',
        title: t('federation.providers.remove'),
        body: linkButton({ href: `${here}/removal`, text: t('federation.providers.remove'), tone: 'danger' }),
      }),
    ),
  });
}
