// A webhook: what it was told and how that went, and its settings.

import type { Delivery, Webhook } from '#domain/webhooks/webhooks.ts';
import { changeWebhook, pageOfDeliveries, webhookOf } from '#domain/webhooks/webhooks.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { KeysetPage } from '#kit/keyset.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, tickOr } from '#web/page.ts';
import { buttonRow, linkButton, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { checkbox } from '#web/parts/choice.ts';
import { empty } from '#web/parts/empty.ts';
import { filterBar } from '#web/parts/filter.ts';
import { form, formSection } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { pager } from '#web/parts/pager.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { table } from '#web/parts/table.ts';
import { ago } from '#web/parts/time.ts';
import { idInPath, leafHrefs, placeInList, ROWS_A_PAGE } from '#web/staff.ts';
import {
  answerOf,
  DELIVERY_STATES,
  deliveryStatus,
  WEBHOOKS,
  webhookFields,
  webhookStatus,
  wishIn,
} from '#web/webhook-parts.ts';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  stepUp: true,
  get: async (visit) => {
    const webhook = await webhookOf(visit.ctx, idInPath(visit, 'id', 'webhook-not-found'));
    const state = DELIVERY_STATES.find((one) => one === visit.query['state']);
    const found = await pageOfDeliveries(visit.ctx, webhook.id, state, placeInList(visit), ROWS_A_PAGE);
    return show(picture(visit, webhook, { state, found }));
  },
  post: async (visit): Promise<Answer> => {
    const id = idInPath(visit, 'id', 'webhook-not-found');
    await changeWebhook(visit.ctx, visit.actor, id, { ...wishIn(visit.form), active: visit.form.has('active') });
    return goTo(`${WEBHOOKS}/${id}`, { tone: 'success', key: 'webhooks.saved' });
  },
});

type Listed = { readonly state: Delivery['state'] | undefined; readonly found: KeysetPage<Delivery> };

function picture(visit: Visit, webhook: Webhook, listed: Listed): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const name = webhook.description || new URL(webhook.url).host;
  const here = `${WEBHOOKS}/${webhook.id}`;
  return adminRoom(frame, {
    title: name,
    heading: html`${name} ${webhookStatus(frame, webhook)}`,
    intro: html`<span class="text-break">${webhook.url}</span>`,
    back: { href: WEBHOOKS, text: t('webhooks.title') },
    actions: webhook.disabled
      ? undefined
      : postButton(frame, { action: `${here}/test`, text: t('webhooks.test'), icon: 'mail' }),
    errors,
    body: stack(
      trouble(visit, webhook),
      card({
        title: t('webhooks.deliveries'),
        intro: t('webhooks.deliveries.intro'),
        actions:
          listed.state === 'failed' && !webhook.disabled && listed.found.rows.length > 0
            ? postButton(frame, { action: `${here}/failed`, text: t('webhooks.replay.failed'), small: true })
            : undefined,
        flush: html`<div class="p-3">${filterBar(frame, {
          action: here,
          filters: [
            {
              name: 'state',
              label: t('webhooks.state'),
              value: listed.state,
              choices: [
                { value: '', text: t('webhooks.delivery.state.all') },
                ...DELIVERY_STATES.map((one) => ({ value: one, text: t(`webhooks.delivery.state.${one}`) })),
              ],
            },
          ],
          button: t('webhooks.show'),
          clear: listed.state === undefined ? undefined : here,
        })}</div>${deliveryTable(visit, here, listed)}${pager(frame, leafHrefs(here, { state: listed.state }, listed.found))}`,
      }),
      card({
        title: t('webhooks.settings'),
        body: form(frame, {
          errors,
          button: t('webhooks.save'),
          body: html`${webhookFields(visit, webhook)}${formSection({
            title: t('webhooks.state'),
            body: checkbox(frame, {
              name: 'active',
              label: t('webhooks.active'),
              checked: tickOr(visit.form, 'active', webhook.disabled === undefined),
            }),
          })}`,
        }),
      }),
      card({
        title: t('webhooks.secret'),
        body: html`<p>${t('webhooks.secret.kept')}</p>${webhook.oldSecretUntil !== undefined && webhook.oldSecretUntil > frame.now ? html`<p>${t('webhooks.secret.old', { until: frame.formatDateTime(webhook.oldSecretUntil) })}</p>` : undefined}${buttonRow(
          linkButton({ href: `${here}/secret`, text: t('webhooks.secret.renew') }),
          linkButton({ href: `${here}/removal`, text: t('webhooks.remove'), tone: 'danger' }),
        )}`,
      }),
    ),
  });
}

function trouble({ frame }: Visit, { disabled, failingSince }: Webhook): Html | undefined {
  const { t } = frame;
  if (disabled) {
    const at = frame.formatDateTime(disabled.at);
    return remark({
      tone: disabled.why === 'staff' ? 'info' : 'danger',
      body: t(`webhooks.off.${disabled.why}`, { at }),
    });
  }
  if (failingSince === undefined) return undefined;
  return remark({ tone: 'warning', body: t('webhooks.failing', { since: frame.formatDateTime(failingSince) }) });
}

function deliveryTable({ frame }: Visit, here: string, { state, found }: Listed): Html {
  const { t } = frame;
  return table<Delivery>(frame, {
    caption: t('webhooks.deliveries'),
    rows: found.rows,
    empty:
      state === undefined
        ? empty({ title: t('webhooks.deliveries.empty'), text: t('webhooks.deliveries.empty.text'), icon: 'mail' })
        : empty({ title: t('webhooks.deliveries.none'), icon: 'search' }),
    columns: [
      {
        heading: t('webhooks.event'),
        kind: 'name',
        cell: (one) => html`<code>${one.event}</code>`,
        href: (one) => `${here}/deliveries/${one.id}`,
      },
      { heading: t('webhooks.state'), kind: 'short', cell: (one) => deliveryStatus(frame, one) },
      { heading: t('webhooks.answer'), cell: answerOf },
      { heading: t('webhooks.attempts'), kind: 'short', align: 'end', cell: (one) => frame.formatNumber(one.attempts) },
      { heading: t('webhooks.when'), kind: 'short', cell: (one) => ago(frame, one.createdAt) },
    ],
  });
}
