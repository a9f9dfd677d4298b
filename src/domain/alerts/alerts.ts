// What the home of an account tells before all else (behaviours.md 1.9): what staff put there, and what other topics have to
// say. A new source is one function in SOURCES.

import type { Account } from '#domain/access/accounts.ts';
import type { AlertRow } from '#domain/alerts/alerts.table.ts';
import { alertRowsOf, deleteAlertRow, insertAlert, moveAlertRows } from '#domain/alerts/alerts.table.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { holdClient } from '#domain/clients/clients.ts';
import { alertsOfModules } from '#domain/modules/asking.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { operatorOrigins, ownPath } from '#domain/sso/destinations.ts';
import { conflict, invalid, notFound } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';
import type { Key } from '#src/locales/words.ts';

/** How an alert is meant, the mildest first. */
export const ALERT_TONES = ['success', 'info', 'warning', 'danger'] as const;
/** How an alert is meant. */
export type AlertTone = (typeof ALERT_TONES)[number];

/** An alert: words that somebody wrote, or a text of ours by its key. `link` leads inside our pages or to the operator's. */
export type Alert = {
  readonly tone: AlertTone;
  readonly says:
    | { readonly text: string }
    | { readonly key: Key; readonly values?: Readonly<Record<string, string | number>> };
  readonly link: string | undefined;
};

/** An alert that staff made. */
export type StaffAlert = Alert & {
  readonly id: number;
  readonly says: { readonly text: string };
  readonly author: string;
  readonly createdAt: number;
};

/** So many a client may have at once: more nobody reads. */
export const MOST_ALERTS = 10;

/** What has something to say about an account as this member sees it. */
type AlertSource = (ctx: Context, account: Account) => Promise<readonly Alert[]>;

const SOURCES: readonly AlertSource[] = [
  async (ctx, { client }) => alertsOf(ctx, client.id),
  async (ctx, { client, member }) => moduleAlerts(ctx, { clientId: client.id, userId: member.userId }),
];

/** Every alert for the home of an account, the gravest first. */
export async function alertsFor(ctx: Context, account: Account): Promise<Alert[]> {
  const all = (await Promise.all(SOURCES.map((source) => source(ctx, account)))).flat();
  return all.sort((one, other) => ALERT_TONES.indexOf(other.tone) - ALERT_TONES.indexOf(one.tone));
}

/** The alerts that staff made for a client, the newest first. One whose link no longer may be followed is shown without it. */
export async function alertsOf(ctx: Context, clientId: number): Promise<StaffAlert[]> {
  const rows = await alertRowsOf(ctx, clientId, MOST_ALERTS);
  return Promise.all(rows.map(async (row) => ({ ...alertFrom(row), link: await allowedLink(ctx, row.link) })));
}

/** Gives the alerts of one client to another: all, or only these. Only `merging` calls this, which keeps the list of what moved. */
export async function moveAlerts(tx: Context, from: number, into: number, only?: readonly number[]): Promise<number[]> {
  return moveAlertRows(tx, from, into, only);
}

/**
 * Puts an alert on a client's home. Throws not-found `client-not-found`; invalid by field: `text` (`text-missing`,
 * `too-long`), `tone` (`setting-not-an-option`), `link` (`link-not-allowed`); or conflict `alerts-too-many`.
 */
export async function addAlert(
  ctx: Context,
  actor: Actor,
  clientId: number,
  given: { readonly text: string; readonly tone: string; readonly link: string },
): Promise<number> {
  const text = oneLine(given.text);
  const tone = ALERT_TONES.find((one) => one === given.tone);
  const typedLink = given.link.trim();
  const link = await allowedLink(ctx, typedLink);
  const faults: Record<string, string> = {};
  if (text === '') faults['text'] = 'text-missing';
  if (text.length > 500) faults['text'] = 'too-long';
  if (!tone) faults['tone'] = 'setting-not-an-option';
  if (typedLink !== '' && link === undefined) faults['link'] = 'link-not-allowed';
  if (!tone || Object.keys(faults).length > 0) throw invalid(faults);
  return ctx.transaction(async (tx) => {
    await holdClient(tx, clientId, 'change');
    if ((await alertRowsOf(tx, clientId, MOST_ALERTS)).length >= MOST_ALERTS) throw conflict('alerts-too-many');
    const row = {
      client_id: clientId,
      tone,
      body: text,
      link: link ?? '',
      author: oneLine(actor.name),
      created_at: tx.now(),
    };
    const id = await insertAlert(tx, row);
    await audit(tx, actor, {
      event: 'client.alert.added',
      description: `An alert was put on the client's home: ${text}`,
      clientId,
      details: { alertId: id, tone },
    });
    return id;
  });
}

/** Takes an alert away. One of another client is not there: throws not-found `alert-not-found`. */
export async function removeAlert(
  ctx: Context,
  actor: Actor,
  of: { readonly clientId: number; readonly id: number },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await deleteAlertRow(tx, of.clientId, of.id))) throw notFound('alert-not-found');
    await audit(tx, actor, {
      event: 'client.alert.removed',
      description: "An alert was taken off the client's home",
      clientId: of.clientId,
      details: { alertId: of.id },
    });
  });
}

/** What the operator's modules have to say; a link that may not be followed is left out, as of those that staff made. */
async function moduleAlerts(
  ctx: Context,
  of: { readonly clientId: number; readonly userId: number },
): Promise<Alert[]> {
  const alerts = await alertsOfModules(ctx, of);
  return Promise.all(
    alerts.map(async ({ tone, text, link }) => ({ tone, says: { text }, link: await allowedLink(ctx, link ?? '') })),
  );
}

/** A link as a path of ours or an address at an origin that the operator entered; undefined for anything else. */
async function allowedLink(ctx: Context, given: string): Promise<string | undefined> {
  if (given === '' || given.length > 1000) return undefined;
  if (given.startsWith('/')) return ownPath(given);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u0020\u007f-\u009f\\]/.test(given) || !/^https?:\/\//i.test(given) || !URL.canParse(given))
    return undefined;
  const url = new URL(given);
  if (url.username || url.password) return undefined;
  if (url.origin === (await publicOrigin(ctx))) return ownPath(`${url.pathname}${url.search}${url.hash}`);
  return (await operatorOrigins(ctx)).includes(url.origin) ? url.href : undefined;
}

function alertFrom(row: AlertRow): StaffAlert {
  return {
    id: row.id,
    tone: ALERT_TONES.find((one) => one === row.tone) ?? 'info',
    says: { text: row.body },
    link: row.link === '' ? undefined : row.link,
    author: row.author,
    createdAt: row.created_at,
  };
}
