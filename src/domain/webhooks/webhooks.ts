// Webhooks: an address of another program that is told of events, each message signed (Standard Webhooks). The secret is
// shown once when it is made; a new one is signed with beside the old for a day, so that the receiver can change over.

import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { keepSetting, settingOf } from '#domain/settings/settings.ts';
import type { DeliveryState, ListedDelivery } from '#domain/webhooks/deliveries.table.ts';
import {
  deliveryRows,
  findDelivery,
  findMessage,
  insertDelivery,
  insertMessage,
  retryFailed,
} from '#domain/webhooks/deliveries.table.ts';
import { wantedEvents, webhookPrivateTargets } from '#domain/webhooks/webhooks.settings.ts';
import type { DisabledWhy, WebhookRow } from '#domain/webhooks/webhooks.table.ts';
import {
  deleteWebhook,
  findWebhookRow,
  insertWebhook,
  updateWebhook,
  webhookRows,
} from '#domain/webhooks/webhooks.table.ts';
import { plainAddress } from '#kit/address.ts';
import { days } from '#kit/duration.ts';
import type { Told } from '#kit/events.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { mayReach } from '#kit/outgoing.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { newUuid, randomToken } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** A webhook as staff see it: never its secret. */
export type Webhook = {
  readonly id: number;
  readonly url: string;
  readonly description: string;
  /** The events it is told of; `every` of them, also of those that a later version adds. */
  readonly events: readonly string[] | 'every';
  readonly createdAt: number;
  /** Since when nothing went through, if so. */
  readonly failingSince: number | undefined;
  readonly disabled: { readonly at: number; readonly why: DisabledWhy } | undefined;
  /** Until when messages are signed with the former secret too. */
  readonly oldSecretUntil: number | undefined;
};

/** What staff say of a webhook. */
export type WebhookWish = {
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[] | 'every';
};

const PURPOSE = 'webhook-secret';
const MOST = 50;
const MOST_RETRIED = 10_000;

/** Every webhook, the oldest first. */
export async function listWebhooks(ctx: Context): Promise<Webhook[]> {
  return (await webhookRows(ctx)).map(webhookFrom);
}

/** The webhook of this id. Throws not-found. */
export async function webhookOf(ctx: Context, id: number): Promise<Webhook> {
  const row = await findWebhookRow(ctx, id);
  if (!row) throw notFound('webhook-not-found');
  return webhookFrom(row);
}

/** Makes a webhook. Answers its id and, this once, its secret. Throws invalid by field, or conflict `too-many-webhooks`. */
export async function addWebhook(
  ctx: Context,
  actor: Actor,
  wish: WebhookWish,
): Promise<{ readonly id: number; readonly secret: string }> {
  const clean = await checked(ctx, wish);
  const secret = freshSecret();
  return ctx.transaction(async (tx) => {
    if ((await webhookRows(tx)).length >= MOST) throw conflict('too-many-webhooks', { most: MOST });
    const id = await insertWebhook(tx, {
      ...clean,
      sealed_secret: tx.seal.seal(PURPOSE, secret),
      sealed_old_secret: null,
      old_secret_until: null,
      created_at: tx.now(),
      failing_since: null,
      disabled_at: null,
      disabled_why: null,
    });
    await noteWanted(tx);
    await audit(tx, actor, {
      event: 'webhook.created',
      description: `A webhook to ${hostOf(clean.url)} was made`,
      details: { webhookId: id, events: clean.events },
    });
    return { id, secret };
  });
}

/** Changes a webhook, and switches it on or off. Throws not-found, or invalid by field. */
export async function changeWebhook(
  ctx: Context,
  actor: Actor,
  id: number,
  wish: WebhookWish & { readonly active: boolean },
): Promise<void> {
  const clean = await checked(ctx, wish);
  await ctx.transaction(async (tx) => {
    const before = await webhookOf(tx, id);
    const state = wish.active
      ? { disabled_at: null, disabled_why: null, ...(before.disabled ? { failing_since: null } : {}) }
      : before.disabled
        ? {}
        : { disabled_at: tx.now(), disabled_why: 'staff' as const };
    if (!(await updateWebhook(tx, id, { ...clean, ...state }))) throw notFound('webhook-not-found');
    await noteWanted(tx);
    await audit(tx, actor, {
      event: 'webhook.updated',
      description: `The webhook to ${hostOf(clean.url)} was changed`,
      details: { webhookId: id, before: hostOf(before.url), events: clean.events, active: wish.active },
    });
  });
}

/** Gives a webhook a new secret; the old one signs too for a day. Answers the new one, this once. Throws not-found. */
export async function renewSecret(ctx: Context, actor: Actor, id: number): Promise<string> {
  const secret = freshSecret();
  await ctx.transaction(async (tx) => {
    const row = await findWebhookRow(tx, id);
    if (!row) throw notFound('webhook-not-found');
    await updateWebhook(tx, id, {
      sealed_secret: tx.seal.seal(PURPOSE, secret),
      sealed_old_secret: row.sealed_secret,
      old_secret_until: tx.now() + days(1),
    });
    await audit(tx, actor, {
      event: 'webhook.secret_renewed',
      description: `The webhook to ${hostOf(row.url)} got a new secret`,
      details: { webhookId: id },
    });
  });
  return secret;
}

/** Removes a webhook; what still waited for it is dropped. Throws not-found. */
export async function removeWebhook(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { url } = await webhookOf(tx, id);
    if (!(await deleteWebhook(tx, id))) throw notFound('webhook-not-found');
    await noteWanted(tx);
    await audit(tx, actor, {
      event: 'webhook.removed',
      description: `The webhook to ${hostOf(url)} was removed`,
      details: { webhookId: id },
    });
  });
}

/** Tells every webhook that wants to know, in the transaction of what it tells of. */
export async function publish(tx: Context, name: string, told: Told): Promise<void> {
  const wanted = (await settingOf(tx, wantedEvents)).split(',');
  if (!wanted.includes('*') && !wanted.includes(name)) return;
  const wanting = (await listWebhooks(tx)).filter(
    (one) => !one.disabled && (one.events === 'every' || one.events.includes(name)),
  );
  if (wanting.length === 0) return;
  await insertMessage(
    tx,
    message(tx, name, told),
    wanting.map((one) => one.id),
  );
}

/** Sends a message of no consequence, `webhook.test`, to one webhook. Throws not-found, or conflict when it is off. */
export async function sendTest(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const { disabled, url } = await webhookOf(tx, id);
    if (disabled) throw conflict('webhook-off');
    await insertMessage(tx, message(tx, 'webhook.test', { webhook_id: id }), [id]);
    await audit(tx, actor, { event: 'webhook.tested', description: `A test was sent to ${hostOf(url)}` });
  });
}

/** A delivery as staff see it. */
export type Delivery = {
  readonly id: number;
  readonly event: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly status: number | undefined;
  readonly failure: string | undefined;
  readonly createdAt: number;
  readonly nextAttemptAt: number | undefined;
  readonly endedAt: number | undefined;
};

/** A page of a webhook's deliveries, the newest first: all, or those of a state. */
export async function pageOfDeliveries(
  ctx: Context,
  webhookId: number,
  state: DeliveryState | undefined,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<Delivery>> {
  const page = { limit: size + 1, olderThan: place.after, newerThan: place.before };
  const read = (await deliveryRows(ctx, webhookId, state, page)).map(deliveryFrom);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** One delivery with what it says. Throws not-found. */
export async function deliveryOf(
  ctx: Context,
  webhookId: number,
  id: number,
): Promise<Delivery & { readonly body: string; readonly messageId: string }> {
  const row = await findDelivery(ctx, webhookId, id);
  const told = row && (await findMessage(ctx, row.message_id));
  if (!told) throw notFound('delivery-not-found');
  return { ...deliveryFrom({ ...row, event: told.event }), body: told.body, messageId: told.public_id };
}

/** Sends a message once more, under the same id, so that a receiver can tell that it had it before. Throws not-found or conflict. */
export async function replay(ctx: Context, actor: Actor, webhookId: number, id: number): Promise<number> {
  return ctx.transaction(async (tx) => {
    const { disabled, url } = await webhookOf(tx, webhookId);
    if (disabled) throw conflict('webhook-off');
    const row = await findDelivery(tx, webhookId, id);
    if (!row) throw notFound('delivery-not-found');
    if (row.state === 'waiting') throw conflict('delivery-waits');
    await audit(tx, actor, {
      event: 'webhook.replayed',
      description: `A message was sent to ${hostOf(url)} once more`,
      details: { webhookId, deliveryId: id },
    });
    return insertDelivery(tx, webhookId, row.message_id);
  });
}

/** Sends all that failed once more, up to 10,000. Answers how many. Throws not-found or conflict. */
export async function replayFailed(ctx: Context, actor: Actor, webhookId: number): Promise<number> {
  return ctx.transaction(async (tx) => {
    const { disabled, url } = await webhookOf(tx, webhookId);
    if (disabled) throw conflict('webhook-off');
    const count = await retryFailed(tx, webhookId, MOST_RETRIED);
    await audit(tx, actor, {
      event: 'webhook.replayed',
      description: `${count} failed messages are sent to ${hostOf(url)} once more`,
      details: { webhookId, count },
    });
    return count;
  });
}

/** The secrets to sign with: the present one, and the former for as long as it holds. */
export function secretsOf(ctx: Context, row: WebhookRow): string[] {
  const old = (row.old_secret_until ?? 0) > ctx.now() ? row.sealed_old_secret : null;
  return [row.sealed_secret, old].flatMap((sealed) => {
    const secret = sealed === null ? undefined : ctx.seal.open(PURPOSE, sealed);
    return secret === undefined ? [] : [secret];
  });
}

async function checked(ctx: Context, wish: WebhookWish): Promise<Pick<WebhookRow, 'url' | 'description' | 'events'>> {
  const description = oneLine(wish.description);
  if (description.length > 200) throw invalid({ description: 'too-long' });
  const url = await checkedAddress(ctx, wish.url.trim());
  if (wish.events === 'every') return { url, description, events: '*' };
  const known = ctx.bus.toldOutside.filter((name) => wish.events.includes(name));
  if (known.length === 0 || wish.events.some((name) => !known.includes(name)))
    throw invalid({ events: 'webhook-events' });
  return { url, description, events: known.join(',') };
}

/** Only https, but where the operator allowed a private range: there TLS is often not to be had. */
async function checkedAddress(ctx: Context, typed: string): Promise<string> {
  if (typed.length > 500 || !URL.canParse(typed)) throw invalid({ url: 'webhook-address' });
  const url = new URL(typed);
  if (url.username !== '' || url.password !== '' || url.hash !== '') throw invalid({ url: 'webhook-address-parts' });
  const allowed = (await settingOf(ctx, webhookPrivateTargets)).map((one) => one.range);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed.length > 0))
    throw invalid({ url: 'webhook-address' });
  const literal = plainAddress(url.hostname.replace(/^\[|\]$/g, ''));
  if (literal !== undefined && !mayReach(literal, allowed)) throw invalid({ url: 'webhook-address-private' });
  return url.href;
}

/** Keeps which events are wanted. Written twice: the first takes the row, so that of two changes at once the later sees both. */
export async function noteWanted(tx: Context): Promise<void> {
  await keepSetting(tx, wantedEvents, '*');
  const active = (await listWebhooks(tx)).filter((one) => !one.disabled);
  const names = active.flatMap((one) => (one.events === 'every' ? ['*'] : one.events));
  await keepSetting(tx, wantedEvents, [...new Set(names)].join(','));
}

function message(tx: Context, name: string, told: Told) {
  const timestamp = new Date(tx.now()).toISOString();
  return {
    public_id: `msg_${newUuid().replaceAll('-', '')}`,
    event: name,
    body: JSON.stringify({ type: name, timestamp, data: inSnakeCase(told) }),
    created_at: tx.now(),
  };
}

/** `client_id`, as other programs know it from the API. */
function inSnakeCase(told: Told): Told {
  const snake = (name: string) => name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [snake(name), value]));
}

/** 256 bits in the form that Standard Webhooks give a secret. */
function freshSecret(): string {
  return `whsec_${Buffer.from(randomToken(32), 'base64url').toString('base64')}`;
}

// An address may hold a token of its receiver's in its path: the log keeps the host alone.
function hostOf(url: string): string {
  return new URL(url).host;
}

function webhookFrom(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: row.events === '*' ? 'every' : row.events.split(','),
    createdAt: row.created_at,
    failingSince: row.failing_since ?? undefined,
    disabled: row.disabled_at === null ? undefined : { at: row.disabled_at, why: row.disabled_why ?? 'staff' },
    oldSecretUntil: row.old_secret_until ?? undefined,
  };
}

function deliveryFrom(row: ListedDelivery): Delivery {
  return {
    id: row.id,
    event: row.event,
    state: row.state,
    attempts: row.attempts,
    status: row.status ?? undefined,
    failure: row.failure ?? undefined,
    createdAt: row.created_at,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
  };
}
