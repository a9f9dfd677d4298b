// What the staff's pages of sign-in providers share: the form, the redirect addresses, the state in words.

import type { ProviderKind } from '#domain/login/federation/provider-kinds.ts';
import { KIND_FACTS, microsoftTenant } from '#domain/login/federation/provider-kinds.ts';
import type { Provider, ProviderWish } from '#domain/login/federation/providers.ts';
import { callbackAddress } from '#domain/login/federation/relying-party.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr, tickOr } from '#web/page.ts';
import { checkbox } from '#web/parts/choice.ts';
import type { TextOptions } from '#web/parts/field.ts';
import { textArea, textField } from '#web/parts/field.ts';
import { formSection } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';
import { codeBox } from '#web/parts/secret.ts';
import { status } from '#web/parts/status.ts';

/** Where the list is. */
export const PROVIDERS = '/admin/sign-in-providers';

/** The permission that its pages ask for. */
export const PROVIDER_STAFF = { is: 'staff', permission: 'Configure Sign-In Integrations' } as const;

/** What the form says. */
export function providerWish(form: Form): ProviderWish {
  return {
    name: form.text('name'),
    issuer: form.text('issuer'),
    clientId: form.text('clientId'),
    secret: form.text('secret'),
    teamId: form.text('teamId'),
    keyId: form.text('keyId'),
    scopes: form.text('scopes'),
    forUsers: form.has('forUsers'),
    forAdministrators: form.has('forAdministrators'),
    enabled: form.has('enabled'),
    trustsAddress: form.has('trustsAddress'),
    acceptsFactor: form.has('acceptsFactor'),
    factorLevels: form.text('factorLevels'),
  };
}

/** Whether it is on. */
export function providerStatus({ t }: Frame, { enabled }: Provider): Html {
  return enabled
    ? status('good', t('federation.providers.state.on'))
    : status('quiet', t('federation.providers.state.off'));
}

/** The addresses to be entered at the provider. */
export async function redirectAddresses({ ctx, frame }: Visit, slug: string): Promise<Html> {
  const { t } = frame;
  const box = async (side: 'user' | 'administrator', label: string) =>
    html`<div class="dw-field"><p class="form-label">${label}</p>${codeBox(frame, { name: side, label, code: await callbackAddress(ctx, side, slug) })}</div>`;
  return html`${await box('user', t('federation.providers.redirect.users'))}${await box(
    'administrator',
    t('federation.providers.redirect.administrators'),
  )}<p class="form-hint">${t('federation.providers.redirect.help')}</p>`;
}

/** The fields of a provider: of a new one of this kind, or of one that is stored. */
export function providerFields(visit: Visit, kind: ProviderKind, stored: Provider | undefined, slug?: string): Html {
  const { t } = visit.frame;
  return html`${formSection({
    title: t('federation.providers.app'),
    intro: t('federation.providers.app.intro'),
    body: html`${nameFields(visit, kind, stored, slug)}${issuerField(visit, kind, stored)}${secretFields(visit, kind, stored)}${line(
      visit,
      'scopes',
      {
        label: t('federation.providers.scopes'),
        help: t('federation.providers.scopes.help'),
        value: stored?.scopes ?? KIND_FACTS[kind].scopes,
      },
    )}`,
  })}${formSection({
    title: t('federation.providers.doors'),
    body: html`${tick(visit, 'forUsers', stored?.forUsers ?? true, t('federation.providers.for-users'))}${tick(
      visit,
      'forAdministrators',
      stored?.forAdministrators ?? false,
      t('federation.providers.for-administrators'),
      t('federation.providers.for-administrators.help'),
    )}${tick(
      visit,
      'enabled',
      stored?.enabled ?? true,
      t('federation.providers.enabled'),
      t('federation.providers.enabled.help'),
    )}`,
  })}${formSection({ title: t('federation.providers.trust'), body: trustFields(visit, kind, stored) })}`;
}

function nameFields(visit: Visit, kind: ProviderKind, stored: Provider | undefined, slug: string | undefined): Html {
  const { t } = visit.frame;
  const short =
    slug !== undefined &&
    line(visit, 'slug', {
      label: t('federation.providers.slug'),
      help: t('federation.providers.slug.help'),
      required: true,
      value: slug,
      maxlength: 40,
      width: 'medium',
    });
  return html`${line(visit, 'name', {
    label: t('federation.providers.name'),
    help: t('federation.providers.name.help'),
    required: true,
    value: stored?.name ?? KIND_FACTS[kind].name,
    maxlength: 60,
    width: 'medium',
    spellcheck: true,
  })}${short}`;
}

function issuerField(visit: Visit, kind: ProviderKind, stored: Provider | undefined): Html | undefined {
  const { t } = visit.frame;
  const facts = KIND_FACTS[kind].issuer;
  switch (facts.is) {
    case 'fixed':
      return undefined;
    case 'tenant':
      return line(visit, 'issuer', {
        label: t('federation.providers.issuer.tenant'),
        help: t('federation.providers.issuer.tenant.help'),
        required: true,
        value: stored ? microsoftTenant(stored.issuer) : '',
      });
    case 'typed':
      return line(visit, 'issuer', {
        label: t(kind === 'github' ? 'federation.providers.issuer.github' : 'federation.providers.issuer'),
        help: t(kind === 'github' ? 'federation.providers.issuer.github.help' : 'federation.providers.issuer.help'),
        required: true,
        value: stored?.issuer ?? facts.value,
        type: 'url',
        maxlength: 300,
      });
  }
}

/** The secret is never drawn, not even as dots: what is stored stays unless another is typed. */
function secretFields(visit: Visit, kind: ProviderKind, stored: Provider | undefined): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const client = line(visit, 'clientId', {
    label: t(kind === 'apple' ? 'federation.providers.client-id.apple' : 'federation.providers.client-id'),
    required: true,
    value: stored?.clientId ?? '',
    maxlength: 300,
  });
  const help = (usual: string) => (stored ? t('federation.providers.secret.kept') : usual);
  if (kind === 'apple') {
    const ids = html`${line(visit, 'teamId', { label: t('federation.providers.team-id'), required: true, value: stored?.teamId ?? '', maxlength: 10, width: 'short' })}${line(
      visit,
      'keyId',
      {
        label: t('federation.providers.key-id'),
        required: true,
        value: stored?.keyId ?? '',
        maxlength: 10,
        width: 'short',
      },
    )}`;
    return html`${client}${ids}${textArea(frame, {
      name: 'secret',
      label: t('federation.providers.secret.key'),
      help: help(t('federation.providers.secret.key.help')),
      errors,
      required: stored === undefined,
      rows: 6,
      maxlength: 2000,
      mono: true,
    })}`;
  }
  return html`${client}${line(visit, 'secret', {
    label: t('federation.providers.secret'),
    help: help(t('federation.providers.secret.help')),
    required: stored === undefined,
    value: '',
    maxlength: 500,
    secret: true,
  })}`;
}

function trustFields(visit: Visit, kind: ProviderKind, stored: Provider | undefined): Html {
  const { frame } = visit;
  const { t } = frame;
  const { verifies } = KIND_FACTS[kind];
  const address =
    verifies === 'never'
      ? remark({ tone: 'info', body: t('federation.providers.trusts-address.never') })
      : tick(
          visit,
          'trustsAddress',
          stored?.trustsAddress ?? verifies === 'usually',
          t('federation.providers.trusts-address'),
          t('federation.providers.trusts-address.help'),
        );
  if (kind === 'github') return address;
  return html`${address}${tick(
    visit,
    'acceptsFactor',
    stored?.acceptsFactor ?? false,
    t('federation.providers.accepts-factor'),
    t('federation.providers.accepts-factor.help'),
  )}${line(visit, 'factorLevels', {
    label: t('federation.providers.factor-levels'),
    help: t('federation.providers.factor-levels.help'),
    required: false,
    value: stored?.factorLevels.join(' ') ?? '',
    maxlength: 500,
  })}`;
}

type Line = Omit<TextOptions, 'name' | 'errors' | 'value'> & { readonly value: string; readonly secret?: boolean };

function line({ frame, form, errors }: Visit, name: string, { secret, ...options }: Line): Html {
  const value = secret ? '' : textOr(form, name, options.value);
  return textField(frame, { spellcheck: false, autocomplete: 'off', ...options, name, errors, value });
}

function tick({ frame, form, errors }: Visit, name: string, stored: boolean, label: string, help?: string): Html {
  return checkbox(frame, { name, label, help, errors, checked: tickOr(form, name, stored) });
}
