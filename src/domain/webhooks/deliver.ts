// Delivering messages: eight at a time, each tried again with growing pauses for about three days.

import { Webhook as Signer } from 'standardwebhooks';
import { systemActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { DeliveryRow, MessageRow } from '#domain/webhooks/deliveries.table.ts';
import { endDelivery, findMessage, leaseDueDelivery, postponeDelivery } from '#domain/webhooks/deliveries.table.ts';
import { webhookPrivateTargets } from '#domain/webhooks/webhooks.settings.ts';
import type { DisabledWhy, WebhookRow } from '#domain/webhooks/webhooks.table.ts';
import { disableWebhook, findWebhookRow, noteFailing } from '#domain/webhooks/webhooks.table.ts';
import { noteWanted, secretsOf } from '#domain/webhooks/webhooks.ts';
import { days, hours, minutes, seconds } from '#kit/duration.ts';
import type { Outcome } from '#kit/outgoing.ts';
import { sendOut } from '#kit/outgoing.ts';
import type { Context } from '#src/context.ts';

const AT_ONCE = 8;
const WITHIN = seconds(15);
const PAUSES = [seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(14), hours(20), hours(24)];
const GIVEN_UP_AFTER = days(5);
const SYSTEM = systemActor('Webhooks');

/** Delivers every message that is due. Answers how many arrived. */
export async function deliverMessages(ctx: Context): Promise<number> {
  const arrived = await Promise.all(Array.from({ length: AT_ONCE }, () => deliverInTurn(ctx)));
  return arrived.reduce((sum, one) => sum + one, 0);
}

async function deliverInTurn(ctx: Context): Promise<number> {
  let arrived = 0;
  for (let row = await leaseDueDelivery(ctx, minutes(1)); row; row = await leaseDueDelivery(ctx, minutes(1)))
    if (await deliver(ctx, row)) arrived += 1;
  return arrived;
}

async function deliver(ctx: Context, row: DeliveryRow): Promise<boolean> {
  const [webhook, message] = await Promise.all([findWebhookRow(ctx, row.webhook_id), findMessage(ctx, row.message_id)]);
  if (!webhook || !message || webhook.disabled_at !== null) {
    // Staff mend what failed and send it once more; what waited when it was given up on belongs to that.
    const givenUpOn = webhook?.disabled_why === 'failing' && message !== undefined;
    await endDelivery(ctx, row.id, givenUpOn ? 'failed' : 'dropped', { status: undefined, failure: undefined });
    return false;
  }
  const outcome = await send(ctx, webhook, message);
  if ('status' in outcome && outcome.status >= 200 && outcome.status < 300) {
    await endDelivery(ctx, row.id, 'delivered', { status: outcome.status, failure: undefined });
    if (webhook.failing_since !== null) await noteFailing(ctx, webhook.id, undefined);
    return true;
  }
  await failed(ctx, webhook, row, outcome);
  return false;
}

async function send(ctx: Context, webhook: WebhookRow, message: MessageRow): Promise<Outcome> {
  const secrets = secretsOf(ctx, webhook);
  if (secrets.length === 0) return { failure: 'its secret could not be unsealed: was the installation key changed?' };
  const at = new Date(ctx.now());
  const signatures = secrets.map((secret) => new Signer(secret).sign(message.public_id, at, message.body));
  return sendOut({
    url: webhook.url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Doorward',
      'webhook-id': message.public_id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signatures.join(' '),
    },
    body: message.body,
    allowed: (await settingOf(ctx, webhookPrivateTargets)).map((one) => one.range),
    withinMs: WITHIN,
  });
}

/** Tried again later, up to nine times. A receiver that says it is gone (410), or fails for five days, is told no more. */
async function failed(ctx: Context, webhook: WebhookRow, row: DeliveryRow, outcome: Outcome): Promise<void> {
  const how =
    'status' in outcome
      ? { status: outcome.status, failure: undefined }
      : { status: undefined, failure: outcome.failure };
  await noteFailing(ctx, webhook.id, ctx.now());
  const pause = PAUSES[row.attempts - 1];
  if (pause === undefined || how.status === 410) await endDelivery(ctx, row.id, 'failed', how);
  else await postponeDelivery(ctx, row.id, ctx.now() + Math.max(pause, askedPause(outcome)), how);
  const longFailing = webhook.failing_since !== null && ctx.now() - webhook.failing_since >= GIVEN_UP_AFTER;
  if (how.status === 410) await giveUp(ctx, webhook, 'gone');
  else if (longFailing) await giveUp(ctx, webhook, 'failing');
}

/** How long a receiver asks us to wait, in milliseconds; an hour is the most it gets. */
function askedPause(outcome: Outcome): number {
  return 'status' in outcome ? Math.min(seconds(outcome.retryAfterSeconds ?? 0), hours(1)) : 0;
}

async function giveUp(ctx: Context, webhook: WebhookRow, why: DisabledWhy): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await disableWebhook(tx, webhook.id, why))) return;
    await noteWanted(tx);
    await audit(tx, SYSTEM, {
      event: 'webhook.disabled',
      description:
        why === 'gone'
          ? `The webhook to ${new URL(webhook.url).host} was switched off: its receiver says it is gone`
          : `The webhook to ${new URL(webhook.url).host} was switched off: it failed for five days`,
      details: { webhookId: webhook.id },
    });
  });
}
