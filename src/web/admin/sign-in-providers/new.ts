// Adds a sign-in provider: first which, then what its operator gave for our app there.

import type { ProviderKind } from '#domain/login/federation/provider-kinds.ts';
import { isProviderKind, PROVIDER_KINDS } from '#domain/login/federation/provider-kinds.ts';
import { addProvider, freeSlug } from '#domain/login/federation/providers.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notFound } from '#kit/problem.ts';
import {
  PROVIDER_STAFF,
  PROVIDERS,
  providerFields,
  providerWish,
  redirectAddresses,
} from '#web/federation-providers.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show } from '#web/page.ts';
import { hiddenField, linkButton } from '#web/parts/button.ts';
import { card, linkList } from '#web/parts/card.ts';
import { form, formSection } from '#web/parts/form.ts';
import { adminRoom } from '#web/parts/rooms.ts';

export default page({
  who: PROVIDER_STAFF,
  stepUp: true,
  get: async (visit) => {
    const kind = kindOf(visit);
    if (!kind) return show(choicePicture(visit));
    const slug = await freeSlug(visit.ctx, kind === 'openid' ? 'sso' : kind);
    return show(picture(visit, kind, slug, await redirectAddresses(visit, slug)));
  },
  post: async (visit): Promise<Answer> => {
    const kind = kindOf(visit);
    if (!kind) throw notFound('page-not-found');
    const slug = visit.form.text('slug').trim();
    const id = await addProvider(visit.ctx, visit.actor, kind, slug, providerWish(visit.form));
    return goTo(`${PROVIDERS}/${id}`, { tone: 'success', key: 'federation.providers.saved' });
  },
});

function kindOf({ form: typed, query }: Visit): ProviderKind | undefined {
  const text = typed.given ? typed.text('kind') : (query['kind'] ?? '');
  return isProviderKind(text) ? text : undefined;
}

function choicePicture({ frame }: Visit): Html {
  const { t } = frame;
  return adminRoom(frame, {
    title: t('federation.providers.add'),
    back: { href: PROVIDERS, text: t('federation.providers.title') },
    body: card({
      title: t('federation.providers.choose'),
      intro: t('federation.providers.choose.intro'),
      flush: linkList(
        PROVIDER_KINDS.map((kind) => ({
          href: `${PROVIDERS}/new?kind=${kind}`,
          title: t(`federation.providers.kind.${kind}`),
          text: t(`federation.providers.kind.${kind}.help`),
        })),
      ),
    }),
  });
}

function picture(visit: Visit, kind: ProviderKind, slug: string, addresses: Html): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title:
      kind === 'openid'
        ? t('federation.providers.add.openid')
        : t('federation.providers.add.title', { kind: t(`federation.providers.kind.${kind}`) }),
    back: { href: `${PROVIDERS}/new`, text: t('federation.providers.choose') },
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('federation.providers.add.button'),
        secondary: linkButton({ href: PROVIDERS, text: t('federation.providers.cancel') }),
        body: html`${hiddenField('kind', kind)}${formSection({
          title: t('federation.providers.redirect'),
          body: addresses,
        })}${providerFields(visit, kind, undefined, slug)}`,
      }),
    }),
  });
}
