// The people of an account and the invitations on their way, as lists: for the owner and for staff.

import type { Access } from '#domain/access/access.ts';
import type { Invitation } from '#domain/access/invitations.ts';
import type { Member } from '#domain/access/members.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import { days } from '#kit/duration.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { listedWords } from '#kit/listed-words.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { form } from '#web/parts/form.ts';
import type { Frame } from '#web/parts/frame.ts';
import { status } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { date } from '#web/parts/time.ts';

/** The permissions as one line; every one of them is one word. */
function permissionList(frame: Frame, permissions: readonly AccessPermission[]): string {
  if (permissions.length === ACCESS_PERMISSIONS.length) return frame.t('access.everything');
  const words = permissions.map((one) => frame.t(`client.permission.${one}`));
  return listedWords(frame.language, words);
}

/** What a member may do, with the right to invite and a limit to services, where there are such. */
export function accessWords(frame: Frame, access: Access & { readonly isOwner?: boolean }): string {
  if (access.isOwner) return frame.t('access.everything');
  const more = [
    access.mayInvite && frame.t('access.may-invite'),
    access.serviceIds.length > 0 && frame.t('access.services', { ids: access.serviceIds.join(', ') }),
  ].filter((word) => word !== false);
  return [permissionList(frame, access.permissions), ...more].join(' · ');
}

/** Since when and until when, as a dot and a word. */
export function termState(frame: Frame, member: Member): Html {
  const { t } = frame;
  if (member.startsAt !== undefined && member.startsAt > frame.now)
    return status('waiting', t('access.state.from', { date: frame.formatDate(member.startsAt) }));
  if (member.endsAt === undefined) return status('good', t('access.state.open'));
  return status('info', t('access.state.until', { date: frame.formatDate(member.endsAt - 1) }));
}

/** The same of an invitation, as a word. */
function giftTerm(frame: Frame, given: Invitation): string {
  const { t } = frame;
  if (given.endsAt !== undefined) return t('access.state.until', { date: frame.formatDate(given.endsAt - 1) });
  if (given.lastsMs !== undefined) return t('access.lasts.days', { count: Math.round(given.lastsMs / days(1)) });
  return t('access.lasts.open');
}

/** The invitations that wait. `base`: the address they are below; without it nothing can be done with them here. */
export function invitationsCard(frame: Frame, invitations: readonly Invitation[], base: string | undefined): Html {
  const { t } = frame;
  const acts = {
    heading: t('access.invitations.acts'),
    kind: 'actions' as const,
    cell: ({ id, email }: Invitation) =>
      buttonRow(
        linkButton({
          href: `${base}/${id}/fresh-letter`,
          text: t('access.invitations.again'),
          about: email,
          small: true,
        }),
        linkButton({
          href: `${base}/${id}/cancellation`,
          text: t('access.invitations.cancel'),
          about: email,
          small: true,
        }),
      ),
  };
  return card({
    title: t('access.invitations.title'),
    flush: table<Invitation>(frame, {
      caption: t('access.invitations.title'),
      rows: invitations,
      empty: empty({ icon: 'mail', title: t('access.invitations.none'), text: t('access.invitations.none-text') }),
      columns: [
        { heading: t('access.invitations.email'), kind: 'name', cell: ({ email }) => email },
        { heading: t('access.people.may'), cell: (one) => giftWords(frame, one) },
        { heading: t('access.invitations.until'), kind: 'short', cell: ({ expiresAt }) => date(frame, expiresAt) },
        ...(base === undefined ? [] : [acts]),
      ],
    }),
  });
}

function giftWords(frame: Frame, given: Invitation): string {
  const hasEnd = given.endsAt !== undefined || given.lastsMs !== undefined;
  return hasEnd ? `${accessWords(frame, given)} · ${giftTerm(frame, given)}` : accessWords(frame, given);
}

/** A step about an invitation: what was offered, what the one button does with it, and the way out. */
export function invitationStep(
  frame: Frame,
  invitation: Invitation,
  step: { readonly what: 'cancellation' | 'again'; readonly cancel: string },
): Html {
  const { t } = frame;
  const { what, cancel } = step;
  return card({
    body: form(frame, {
      button: t(`access.${what}.button`),
      tone: what === 'cancellation' ? 'danger' : 'primary',
      secondary: linkButton({ href: cancel, text: t('access.cancel') }),
      body: html`${giftFacts(frame, invitation)}<p>${t(`access.${what}.text`)}</p>`,
    }),
  });
}

/** What an invitation gives, as short paragraphs: for whoever holds it, and for whoever is about to send it again. */
export function giftFacts(frame: Frame, given: Invitation): Html {
  return html`<p>${frame.t('access.invitation.gives', { permissions: accessWords(frame, given) })} ${giftTerm(frame, given)}.</p>`;
}
