// One letter as it is kept: with its link masked, as plain text. Its HTML says the same and is not drawn: what a letter may
// hold is none of this page's business, and nothing in it can run or load here.

import { mayGoAgain } from '#domain/correspondence/client-letters.ts';
import { freshLetterFor } from '#domain/login/fresh-letter.ts';
import type { KeptLetter } from '#domain/mail/outbox.ts';
import { letterOf } from '#domain/mail/outbox.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { letterKind, letterStatus } from '#web/letter-parts.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, postButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { dateTime } from '#web/parts/time.ts';
import { idInPath, may } from '#web/staff.ts';

const LIST = '/admin/letters';

export default page({
  who: { is: 'staff', permission: 'View Email Message Log' },
  get: async (visit) => {
    const letter = await letterOf(visit.ctx, idInPath(visit, 'id', 'letter-not-found'));
    return show(picture(visit, letter));
  },
});

function picture(visit: Visit, letter: KeptLetter & { readonly text: string }): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: letter.subject,
    intro: html`${letter.to} · ${letterStatus(visit, letter)}`,
    back: { href: LIST, text: t('admin.letters.title') },
    body: stack(
      letter.failure !== undefined &&
        remark({
          tone: letter.state === 'waiting' ? 'warning' : 'danger',
          title: letter.state === 'waiting' ? t('admin.letters.failure.waiting') : t('admin.letters.failure'),
          body: letter.failure,
        }),
      card({ title: t('admin.letters.facts'), body: facts(visit, letter), footer: acts(visit, letter) }),
      card({ title: t('admin.letters.text'), intro: t('admin.letters.text.intro'), body: paper(letter.text) }),
    ),
  });
}

function facts(visit: Visit, letter: KeptLetter): Html {
  const { frame } = visit;
  const { t } = frame;
  return definitions(frame, [
    { term: t('admin.letters.to'), value: letter.to },
    { term: t('admin.letters.for'), value: recipient(visit, letter) },
    { term: t('admin.letters.kind'), value: letterKind(visit, letter.kind) },
    { term: t('admin.letters.written'), value: dateTime(frame, letter.createdAt) },
    letter.state === 'sent' && { term: t('admin.letters.sent'), value: dateTime(frame, letter.sentAt) },
    letter.state === 'waiting' && { term: t('admin.letters.nextTry'), value: dateTime(frame, letter.nextAttemptAt) },
    letter.state !== 'sent' && { term: t('admin.letters.usefulUntil'), value: dateTime(frame, letter.expiresAt) },
    { term: t('admin.letters.attempts'), value: frame.formatNumber(letter.attempts) },
  ]);
}

/** Whose letter it is, as links for whoever may follow them. */
function recipient(visit: Visit, letter: KeptLetter): Html | undefined {
  const { t } = visit.frame;
  const links = [
    letter.userId !== undefined &&
      linked(
        may(visit, 'List Users'),
        `/admin/users/${letter.userId}`,
        t('admin.letters.for.user', { id: letter.userId }),
      ),
    letter.clientId !== undefined &&
      linked(
        may(visit, 'View Clients Summary'),
        `/admin/clients/${letter.clientId}`,
        t('admin.letters.for.client', { id: letter.clientId }),
      ),
    letter.administratorId !== undefined &&
      linked(
        may(visit, 'Configure Administrators'),
        `/admin/administrators/${letter.administratorId}`,
        t('admin.letters.for.administrator'),
      ),
  ].filter((link) => link !== false);
  return links.length === 0 ? undefined : html`${links.map((link, at) => html`${at > 0 && ' · '}${link}`)}`;
}

function linked(mayFollow: boolean, href: string, text: string): Html {
  return mayFollow ? html`<a href="${href}">${text}</a>` : html`${text}`;
}

function acts(visit: Visit, letter: KeptLetter): Html | undefined {
  const { frame } = visit;
  const { t } = frame;
  const fresh = freshLetterFor(letter);
  const now =
    letter.state === 'waiting' && letter.attempts > 0 && may(visit, 'Manage Mail Queue')
      ? postButton(frame, { action: `${LIST}/${letter.id}/next-try`, text: t('admin.letters.tryNow'), icon: 'send' })
      : undefined;
  const again =
    fresh && letter.state !== 'waiting' && may(visit, fresh.permission) ? freshButton(visit, letter) : undefined;
  const once = mayGoAgain(letter) && may(visit, 'Mass Mail') ? againButton(visit, letter) : undefined;
  return now || again || once ? buttonRow(now, again, once) : undefined;
}

/** The masked letter cannot go out again; a fresh one of its kind, with a link of its own, can. */
function freshButton({ frame }: Visit, letter: KeptLetter): Html {
  return postButton(frame, {
    action: `${LIST}/${letter.id}/fresh-letter`,
    text: frame.t('admin.letters.fresh'),
    icon: 'mail',
  });
}

/** What staff wrote goes out as it was. */
function againButton({ frame }: Visit, letter: KeptLetter): Html {
  return postButton(frame, {
    action: `${LIST}/${letter.id}/fresh-letter`,
    text: frame.t('admin.letters.again'),
    icon: 'mail',
  });
}

/** Plain text in its paragraphs and lines. */
function paper(text: string): Html {
  const paragraphs = text.trim().split(/\n{2,}/);
  return html`${paragraphs.map((one) => html`<p class="text-break">${one.split('\n').map((line, at) => html`${at > 0 && html`<br>`}${line}`)}</p>`)}`;
}
