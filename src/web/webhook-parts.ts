// What the pages of webhooks share: the form, the states in words.

import type { Delivery, Webhook, WebhookWish } from '#domain/webhooks/webhooks.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Form, Visit } from '#web/page.ts';
import { textOr } from '#web/page.ts';
import { checkboxGroup, radioGroup } from '#web/parts/choice.ts';
import { textField } from '#web/parts/field.ts';
import { formSection } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { secretBox } from '#web/parts/secret.ts';
import { status } from '#web/parts/status.ts';

/** Where the list is. */
export const WEBHOOKS = '/admin/webhooks';

/** The states of a delivery, in the order of the filter. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'failed', 'dropped'] as const;

/** What the form says. */
export function wishIn(form: Form): WebhookWish {
  return {
    url: form.text('url'),
    description: form.text('description'),
    events: form.text('reach') === 'chosen' ? form.all('events') : 'every',
  };
}

/** The fields of a webhook. */
export function webhookFields(visit: Visit, stored: Webhook | undefined): Html {
  const { frame, form, errors, ctx } = visit;
  const { t } = frame;
  const chosen = stored && stored.events !== 'every' ? stored.events : [];
  const where = html`${textField(frame, {
    name: 'url',
    label: t('webhooks.url'),
    help: t('webhooks.url.help'),
    errors,
    required: true,
    value: textOr(form, 'url', stored?.url ?? ''),
    type: 'url',
    autocomplete: 'off',
    spellcheck: false,
    maxlength: 500,
  })}${textField(frame, {
    name: 'description',
    label: t('webhooks.description'),
    help: t('webhooks.description.help'),
    errors,
    required: false,
    value: textOr(form, 'description', stored?.description ?? ''),
    autocomplete: 'off',
    maxlength: 200,
  })}`;
  const what = html`${radioGroup(frame, {
    name: 'reach',
    label: t('webhooks.reach'),
    errors,
    value: textOr(form, 'reach', stored && stored.events !== 'every' ? 'chosen' : 'every'),
    choices: [
      { value: 'every', text: t('webhooks.reach.every'), help: t('webhooks.reach.every.help') },
      { value: 'chosen', text: t('webhooks.reach.chosen') },
    ],
  })}${checkboxGroup(frame, {
    name: 'events',
    label: t('webhooks.events'),
    errors,
    values: form.given ? form.all('events') : chosen,
    choices: ctx.bus.toldOutside.map((name) => ({ value: name, text: name })),
    columns: true,
  })}`;
  return html`${formSection({ title: t('webhooks.where'), body: where })}${formSection({
    title: t('webhooks.what'),
    intro: t('webhooks.what.intro'),
    body: what,
  })}`;
}

/** How a webhook is doing. */
export function webhookStatus({ t }: Frame, webhook: Webhook): Html {
  if (webhook.disabled) return status(webhook.disabled.why === 'staff' ? 'quiet' : 'bad', t('webhooks.state.off'));
  return webhook.failingSince === undefined
    ? status('good', t('webhooks.state.on'))
    : status('waiting', t('webhooks.state.failing'));
}

/** Where a delivery stands. */
export function deliveryStatus({ t }: Frame, { state }: Delivery): Html {
  const tone = { waiting: 'waiting', delivered: 'good', failed: 'bad', dropped: 'quiet' } as const;
  return status(tone[state], t(`webhooks.delivery.state.${state}`));
}

/** What the receiver said last, or why nothing was heard of it. */
export function answerOf({ status: code, failure }: Delivery): string | undefined {
  return code === undefined ? failure : String(code);
}

/** The secret, this once. */
export function webhookSecret(frame: Frame, secret: string): Html {
  return secretBox(frame, {
    name: 'secret',
    label: frame.t('webhooks.secret'),
    secret,
    help: frame.t('webhooks.secret.help'),
  });
}
