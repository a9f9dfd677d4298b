// A user: what there is to know, the accounts they may enter, and what staff can do for them.

import type { Account } from '#domain/access/accounts.ts';
import { linkedAccountsOf } from '#domain/access/accounts.ts';
import { displayName } from '#domain/clients/client-profile.ts';
import { hasFactors, holdersWithFactor } from '#domain/credentials/factors.ts';
import { usersWithQuestion } from '#domain/credentials/security-questions.ts';
import type { LinkedAccount } from '#domain/login/federation/linked-accounts.ts';
import { linkedIdentitiesOf } from '#domain/login/federation/linked-accounts.ts';
import type { EmailUndo } from '#domain/users/email-undos.ts';
import { openEmailUndos } from '#domain/users/email-undos.ts';
import type { User } from '#domain/users/users.ts';
import { isUnproven } from '#domain/verification/verification.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { languageOf } from '#src/locales/words.ts';
import { clientStatus, permissionWords } from '#web/client-profile.ts';
import { linkedAccountsCard } from '#web/linked-accounts-card.ts';
import { driftMark } from '#web/owner-match.ts';
import type { Visit } from '#web/page.ts';
import { page, show } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { empty } from '#web/parts/empty.ts';
import { remark } from '#web/parts/notice.ts';
import { badge } from '#web/parts/status.ts';
import { table } from '#web/parts/table.ts';
import { ago, date, dateTime } from '#web/parts/time.ts';
import { may } from '#web/staff.ts';
import type { UserFile } from '#web/user-profile.ts';
import { userFileOf, userTab } from '#web/user-profile.ts';
import { provenWord } from '#web/verification-parts.ts';

export default page({
  who: { is: 'staff', permission: 'List Users' },
  get: async (visit) => {
    const file = await userFileOf(visit);
    const accounts = await linkedAccountsOf(visit.ctx, file.user.id);
    const factors = await holdersWithFactor(visit.ctx, 'user', [file.user.id]);
    const asksProof = await isUnproven(visit.ctx, file.user);
    const undos = await openEmailUndos(visit.ctx, file.user.id);
    const linked = await linkedIdentitiesOf(visit.ctx, { kind: 'user', id: file.user.id });
    const hasQuestion = (await usersWithQuestion(visit.ctx, [file.user.id])).has(file.user.id);
    return show(
      userTab(visit, file, {
        actions: actions(visit, file),
        body: picture(visit, file, {
          accounts,
          guarded: factors.has(file.user.id),
          asksProof,
          undos,
          hasQuestion,
          linked,
        }),
      }),
    );
  },
});

function actions(visit: Visit, { user, href }: UserFile): Html | undefined {
  const { t } = visit.frame;
  const acts = user.disabledAt === undefined && may(visit, 'Allow Login as Owner');
  const checks = user.disabledAt === undefined && may(visit, 'Verify Identity');
  if (!acts && !checks) return undefined;
  return buttonRow(
    checks ? linkButton({ href: `${href}/identity-check`, text: t('support.check.menu'), icon: 'shield' }) : undefined,
    acts ? linkButton({ href: `${href}/acting`, text: t('support.acting.open.user'), icon: 'login-2' }) : undefined,
  );
}

/** What the page knows of the user beside the file. `asksProof`: a letter would confirm their address. */
type Known = {
  readonly accounts: readonly Account[];
  readonly guarded: boolean;
  readonly asksProof: boolean;
  readonly undos: readonly EmailUndo[];
  readonly hasQuestion: boolean;
  readonly linked: readonly LinkedAccount[];
};

function picture(visit: Visit, file: UserFile, known: Known): Html {
  const { accounts, undos } = known;
  return stack(
    file.user.disabledAt !== undefined && disabledRemark(visit, file.user.disabledAt),
    undosRemark(visit, file, undos),
    facts(visit, file.user, known),
    accountsCard(visit, file.user, accounts),
    linkedAccountsCard(visit, file, known.linked),
    credentials(visit, file, known),
    wayOut(visit, file, accounts.length),
  );
}

function disabledRemark(visit: Visit, since: number): Html {
  const { frame } = visit;
  return remark({ tone: 'info', body: frame.t('admin.user.deactivated.remark', { since: frame.formatDate(since) }) });
}

/** The address was changed lately, and who had it before can still put it back. */
function undosRemark(visit: Visit, { href }: UserFile, undos: readonly EmailUndo[]): Html | undefined {
  const last = undos.at(-1);
  if (!last) return undefined;
  const { frame } = visit;
  return remark({
    tone: 'info',
    title: frame.t('people.undos.remark', { count: undos.length }),
    body: frame.t('people.undos.remark-text', { until: frame.formatDateTime(last.expiresAt) }),
    action: may(visit, 'Reset User Credentials')
      ? linkButton({ href: `${href}/email-undos`, text: frame.t('people.undos.link'), small: true })
      : undefined,
  });
}

function facts(visit: Visit, user: User, { guarded, hasQuestion }: Known): Html {
  const { frame } = visit;
  const { t } = frame;
  return card({
    title: t('admin.user.facts'),
    body: definitions(frame, [
      { term: t('admin.user.email'), value: html`${user.email} ${provenWord(frame, user)}` },
      {
        term: t('admin.client.field.language'),
        value: user.language === '' ? t('admin.client.language.default') : languageOf(user.language).name,
      },
      { term: t('admin.user.password'), value: passwordState(visit, user) },
      hasFactors(visit.ctx) && {
        term: t('admin.users.factor'),
        value: guarded ? t('admin.user.factor.on') : t('admin.user.factor.off'),
      },
      hasQuestion && { term: t('passwords.user.question'), value: t('passwords.user.question.set') },
      { term: t('admin.user.lastSignIn'), value: ago(frame, user.lastLoginAt, t('admin.client.never')) },
      { term: t('admin.user.lastIp'), value: user.lastLoginIp },
      { term: t('admin.user.since'), value: date(frame, user.createdAt) },
      user.disabledAt !== undefined && { term: t('admin.user.deactivatedAt'), value: dateTime(frame, user.disabledAt) },
      {
        term: t('admin.client.uuid'),
        value: html`<span class="font-monospace text-break user-select-all">${user.uuid}</span>`,
      },
    ]),
  });
}

function passwordState(visit: Visit, user: User): string {
  const { t } = visit.frame;
  if (!user.hasPassword) return t('admin.user.password.none');
  return user.mustChangePassword ? t('admin.user.password.must-change') : t('admin.user.password.set');
}

/** The names of the accounts are for those who may list clients; the others hear how many there are. */
function accountsCard(visit: Visit, user: User, accounts: readonly Account[]): Html {
  const { frame } = visit;
  const { t } = frame;
  const title = t('admin.user.accounts');
  if (!may(visit, 'List Clients'))
    return card({ title, body: html`<p>${t('admin.user.accounts.count', { count: accounts.length })}</p>` });
  const open = may(visit, 'View Clients Summary');
  return card({
    title,
    flush: table<Account>(frame, {
      caption: title,
      rows: accounts,
      empty: empty({
        title: t('admin.user.accounts.empty'),
        text: t('admin.user.accounts.empty.text'),
        icon: 'building',
      }),
      columns: [
        {
          heading: t('admin.user.accounts.name'),
          kind: 'name',
          cell: ({ client, member }) =>
            html`${displayName(client)} ${member.isOwner && badge(t('common.role.owner'))} ${member.isOwner && driftMark(visit, client, user)}`,
          href: ({ client }) => (open ? `/admin/clients/${client.id}` : undefined),
        },
        { heading: t('admin.client.users.may'), kind: 'text', cell: ({ member }) => permissionWords(frame, member) },
        {
          heading: t('admin.clients.status'),
          kind: 'short',
          cell: ({ client }) => clientStatus(frame, client.status),
        },
      ],
    }),
  });
}

function credentials(
  visit: Visit,
  { user, href }: UserFile,
  { asksProof, hasQuestion, guarded }: Known,
): Html | undefined {
  if (!may(visit, 'Reset User Credentials')) return undefined;
  const { t } = visit.frame;
  const letter =
    user.disabledAt === undefined
      ? linkButton({ href: `${href}/password-letter`, text: t('admin.user.letter.link'), icon: 'send' })
      : undefined;
  return card({
    title: t('admin.user.help'),
    intro: t('admin.user.help.text'),
    body: buttonRow(
      letter,
      asksProof && user.disabledAt === undefined
        ? linkButton({ href: `${href}/verification`, text: t('registration.staff.link'), icon: 'mail' })
        : undefined,
      user.hasPassword
        ? linkButton({ href: `${href}/new-password`, text: t('passwords.user.require'), icon: 'shield-lock' })
        : undefined,
      guarded
        ? linkButton({ href: `${href}/second-factor`, text: t('factors.staff.link'), icon: 'shield' })
        : undefined,
      hasQuestion
        ? linkButton({ href: `${href}/security-question`, text: t('passwords.user.question.link'), icon: 'help' })
        : undefined,
      linkButton({ href: `${href}/password`, text: t('admin.user.password.link'), icon: 'key' }),
    ),
  });
}

function wayOut(visit: Visit, { user, href }: UserFile, accounts: number): Html | undefined {
  const { t } = visit.frame;
  const manage = may(visit, 'Manage Users');
  const remove = may(visit, 'Delete Users');
  if (!manage && !remove) return undefined;
  const turn =
    user.disabledAt === undefined
      ? linkButton({ href: `${href}/deactivation`, text: t('admin.user.deactivate') })
      : linkButton({ href: `${href}/activation`, text: t('admin.user.activate') });
  return card({
    title: t('admin.user.end'),
    intro: remove && accounts > 0 ? t('admin.user.end.has-clients') : t('admin.user.end.text'),
    tone: 'danger',
    body: buttonRow(
      manage ? turn : undefined,
      remove && accounts === 0
        ? linkButton({ href: `${href}/deletion`, text: t('admin.user.delete'), icon: 'trash' })
        : undefined,
    ),
  });
}
