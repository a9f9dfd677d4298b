// One's own passkeys: the list, a new one, another name, taking one away. Customers and staff alike; each page is a few lines
// over these, and asks again who this is before.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { isOnlyFactor } from '#domain/credentials/factors.ts';
import type { StoredPasskey } from '#domain/credentials/passkeys.ts';
import {
  addPasskey,
  arePasskeysOffered,
  askForNew,
  checkNew,
  LONGEST_PASSKEY_NAME,
  MOST_PASSKEYS,
  passkeyOf,
  passkeysOf,
  removePasskey,
  renamePasskey,
} from '#domain/credentials/passkeys.ts';
import type { Asking } from '#domain/credentials/passkeys-challenge.ts';
import { passkeySite } from '#domain/credentials/passkeys-site.ts';
import { addOwnFactor, loseOwnFactor, mayBeWithout } from '#domain/login/own-factors.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { notAllowed } from '#kit/problem.ts';
import { afterFactorAdded } from '#web/factor-added.ts';
import { lossesOfLastFactor } from '#web/factor-losses.ts';
import { wayBackIn } from '#web/factor-parts.ts';
import type { OwnSide } from '#web/own-side.ts';
import { inSession } from '#web/own-side.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, renew, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { empty } from '#web/parts/empty.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { remark } from '#web/parts/notice.ts';
import { badge, status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago, date } from '#web/parts/time.ts';
import { defaultNameOf, passkeyForm, passkeySent, shownNameOf } from '#web/passkey-form.ts';
import type { SectionOf } from '#web/security-section.ts';
import { idInPath } from '#web/staff.ts';

/** Passkeys, on the overview of one's own sign-in; nothing where there are none and nobody may set one up. */
export const passkeySection: SectionOf = async (visit, side) => {
  const { t } = visit.frame;
  const [passkeys, offered] = await Promise.all([
    passkeysOf(visit.ctx, inSession(visit, side).holder),
    arePasskeysOffered(visit.ctx, side.kind),
  ]);
  if (passkeys.length === 0 && !offered) return undefined;
  return {
    group: 'second-factor',
    title: t('passkeys.title'),
    text: t('passkeys.section', { count: passkeys.length }),
    status: passkeys.length > 0 ? status('good', t('factors.security.on')) : status('quiet', t('factors.security.off')),
    link: listOf(side),
  };
};

/** The list. */
export async function drawPasskeys(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame } = visit;
  const { t } = frame;
  const { holder } = inSession(visit, side);
  const [passkeys, offered, { host }] = [
    await passkeysOf(ctx, holder),
    await arePasskeysOffered(ctx, side.kind),
    await passkeySite(ctx),
  ];
  const mayAdd = offered && passkeys.length < MOST_PASSKEYS;
  return show(
    side.room(frame, {
      title: t('passkeys.title'),
      intro: t('passkeys.intro'),
      back: wayBackIn(visit, side),
      actions: mayAdd
        ? linkButton({ href: `${listOf(side)}/new`, text: t('passkeys.add'), tone: 'primary', icon: 'plus' })
        : undefined,
      body: stack(
        !offered && remark({ tone: 'info', body: t('passkeys.not-offered') }),
        passkeys.length >= MOST_PASSKEYS &&
          remark({ tone: 'info', body: t('passkeys.enough', { most: MOST_PASSKEYS }) }),
        card({ flush: passkeyTable(frame, side, passkeys, host) }),
      ),
    }),
  );
}

/** The page that adds one. */
export async function drawNewPasskey(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const asking = await enrolling(visit, side);
  const ceremony = await askForNew(ctx, asking, await shownNameOf(ctx, asking.whose));
  return show(
    side.room(frame, {
      title: t('passkeys.new.title'),
      intro: t('passkeys.new.intro'),
      back: { href: listOf(side), text: t('passkeys.title') },
      errors,
      body: card({
        body: passkeyForm(frame, {
          asks: 'create',
          ceremony,
          errors,
          button: t('passkeys.new.button'),
          body: nameField(visit, '', t('passkeys.name.help'), false),
          secondary: linkButton({ href: listOf(side), text: t('passkeys.cancel') }),
        }),
      }),
    }),
  );
}

/** Stores it. */
export async function addNewPasskey(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor } = visit;
  const who = inSession(visit, side);
  const asking = await enrolling(visit, side);
  const { token, response } = passkeySent(visit);
  const enrolment = await checkNew(ctx, asking, token, response);
  const named = { name: visit.form.text('name'), otherwise: await defaultNameOf(visit), keepSessionId: who.sessionId };
  await addOwnFactor(ctx, who, (tx) => addPasskey(tx, actor, asking.whose, enrolment, named));
  return afterFactorAdded(visit, side, 'passkeys.added');
}

/** The page that gives one another name. */
export async function drawPasskeyName(visit: Visit, side: OwnSide): Promise<Answer> {
  const { frame, errors } = visit;
  const { t } = frame;
  const passkey = await inPath(visit, side);
  return show(
    side.room(frame, {
      title: t('passkeys.rename.title', { name: passkey.name }),
      back: { href: listOf(side), text: t('passkeys.title') },
      errors,
      body: card({
        body: form(frame, {
          errors,
          button: t('passkeys.rename.button'),
          body: nameField(visit, passkey.name, undefined, true),
          secondary: linkButton({ href: listOf(side), text: t('passkeys.cancel') }),
        }),
      }),
    }),
  );
}

/** Gives it another name. */
export async function namePasskey(visit: Visit, side: OwnSide): Promise<Answer> {
  const { id } = await inPath(visit, side);
  await renamePasskey(visit.ctx, visit.actor, inSession(visit, side).holder, id, visit.form.text('name'));
  return goTo(listOf(side), { tone: 'success', key: 'passkeys.renamed' });
}

/** The page that takes one away: what is lost by it. */
export async function drawPasskeyRemoval(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, frame, errors } = visit;
  const { t } = frame;
  const passkey = await inPath(visit, side);
  const who = inSession(visit, side);
  const isLast = (await isOnlyFactor(ctx, who.holder)) && (await passkeysOf(ctx, who.holder)).length === 1;
  if (isLast && !(await mayBeWithout(ctx, who))) return drawKept(visit, side, passkey);
  const losses = [
    t('passkeys.remove.loss'),
    ...(isLast ? await lossesOfLastFactor(visit, side) : []),
    t('factors.sessions-end'),
  ];
  return show(
    side.room(frame, {
      title: t('passkeys.remove.title', { name: passkey.name }),
      back: { href: listOf(side), text: t('passkeys.title') },
      errors,
      body: card({
        body: confirmation(frame, {
          losses,
          kept: t('passkeys.remove.kept'),
          button: t('passkeys.remove.button'),
          cancel: { href: listOf(side), text: t('passkeys.cancel') },
          errors,
        }),
      }),
    }),
  );
}

/** Takes it away. Other sessions end, and this browser goes on under a new token. Throws conflict `factor-required`. */
export async function takePasskeyAway(visit: Visit, side: OwnSide): Promise<Answer> {
  const { ctx, actor } = visit;
  const who = inSession(visit, side);
  const { id } = await inPath(visit, side);
  await loseOwnFactor(ctx, who, (tx) => removePasskey(tx, actor, who.holder, id, who.sessionId));
  return renew(side.kind, listOf(side), { tone: 'success', key: 'passkeys.removed' });
}

/** Why the last one stays where the operator asks for a second factor. */
function drawKept({ frame }: Visit, side: OwnSide, passkey: StoredPasskey): Answer {
  const { t } = frame;
  return show(
    side.room(frame, {
      title: t('passkeys.remove.title', { name: passkey.name }),
      back: { href: listOf(side), text: t('passkeys.title') },
      body: card({
        body: html`<p>${t('passkeys.remove.required')}</p>${linkButton({ href: side.security, text: t('factors.security.title') })}`,
      }),
    }),
  );
}

function listOf(side: OwnSide): string {
  return `${side.security}/passkeys`;
}

async function inPath(visit: Visit, side: OwnSide): Promise<StoredPasskey> {
  return passkeyOf(visit.ctx, inSession(visit, side).holder, idInPath(visit, 'passkey', 'passkey-not-found'));
}

/** What a new passkey is made for. Throws not-allowed where the operator offers none. */
async function enrolling(visit: Visit, side: OwnSide): Promise<Asking & { readonly whose: FactorHolder }> {
  if (!(await arePasskeysOffered(visit.ctx, side.kind))) throw notAllowed('passkeys-not-offered');
  const { holder } = inSession(visit, side);
  return { purpose: 'enrol', side: side.kind, whose: holder, browser: visit.browser };
}

function nameField(visit: Visit, stored: string, help: string | undefined, required: boolean): Html {
  return textField(visit.frame, {
    name: 'name',
    label: visit.frame.t('passkeys.name'),
    value: textOr(visit.form, 'name', stored),
    help,
    errors: visit.errors,
    required,
    autocomplete: 'off',
    maxlength: LONGEST_PASSKEY_NAME,
  });
}

function passkeyTable(frame: Frame, side: OwnSide, passkeys: readonly StoredPasskey[], host: string): Html {
  const { t } = frame;
  return table<StoredPasskey>(frame, {
    caption: t('passkeys.title'),
    rows: passkeys,
    empty: empty({ title: t('passkeys.none'), text: t('passkeys.none.text'), icon: 'fingerprint' }),
    columns: [
      { heading: t('passkeys.name'), kind: 'name', cell: (one) => html`${one.name}${marks(frame, one, host)}` },
      { heading: t('passkeys.where'), cell: (one) => t(`passkeys.where.${whereOf(one)}`) },
      { heading: t('passkeys.since'), kind: 'short', wideOnly: true, cell: (one) => date(frame, one.createdAt) },
      {
        heading: t('passkeys.used'),
        kind: 'short',
        cell: (one) => ago(frame, one.lastUsedAt, t('passkeys.used.never')),
      },
      {
        heading: t('passkeys.acts'),
        kind: 'actions',
        cell: (one) =>
          html`${act(side, one, 'name', t('passkeys.rename'))} ${act(side, one, 'removal', t('passkeys.remove'))}`,
      },
    ],
  });
}

function act(side: OwnSide, { id, name }: StoredPasskey, page: 'name' | 'removal', text: string): Html {
  return linkButton({ href: `${listOf(side)}/${id}/${page}`, text, about: name, small: true });
}

/** One that was made for another address of ours does not answer here. */
function marks({ t }: Frame, { site }: StoredPasskey, host: string): Html | undefined {
  return site === host ? undefined : html` ${badge(t('passkeys.other-site', { site }), 'warning')}`;
}

function whereOf({ backedUp, transports }: StoredPasskey): 'synced' | 'key' | 'device' {
  if (backedUp) return 'synced';
  return transports.some((one) => ['usb', 'nfc', 'ble', 'smart-card'].includes(one)) ? 'key' : 'device';
}
