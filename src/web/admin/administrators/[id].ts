// One administrator: their details and role, how they sign in, and what can be done about it.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { administratorOf, changeAdministrator, isLastFull } from '#domain/administrators/administrators.ts';
import { FULL_ADMINISTRATOR } from '#domain/administrators/permissions.ts';
import type { Role } from '#domain/administrators/roles.ts';
import { listRoles } from '#domain/administrators/roles.ts';
import { hasSecondFactor } from '#domain/credentials/factors.ts';
import { sessionsOf } from '#domain/sessions/sessions.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { manyLines } from '#kit/text.ts';
import { holdsAll, roleField, staffFields, staffName, staffStatus } from '#web/administrator-parts.ts';
import { atField } from '#web/field-faults.ts';
import type { Answer, Visit } from '#web/page.ts';
import { goTo, page, show, textOr } from '#web/page.ts';
import { buttonRow, linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { definitions } from '#web/parts/definitions.ts';
import { readOnlyField, textArea } from '#web/parts/field.ts';
import { form, formSection } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { badge } from '#web/parts/status.ts';
import { date, dateTime } from '#web/parts/time.ts';
import { idInPath, may, wholeNumber } from '#web/staff.ts';

const LIST = '/admin/administrators';

export default page({
  who: { is: 'staff', permission: 'Configure Administrators' },
  stepUp: true,
  get: async (visit) => show(picture(visit, await fileOf(visit))),
  post: change,
});

/** What the page knows of the administrator, and of what the visitor may do with them. */
type File = {
  readonly one: Administrator;
  readonly roles: readonly Role[];
  readonly sessions: number;
  readonly isSelf: boolean;
  /** Their role holds nothing that the visitor's lacks. */
  readonly isOurs: boolean;
  readonly isLastFull: boolean;
  /** They have a second factor. */
  readonly guarded: boolean;
  /** Notes are for oneself and for every full administrator (behaviours.md 4.1). */
  readonly seesNotes: boolean;
};

async function fileOf(visit: Visit): Promise<File> {
  const { ctx, administrator: visitor } = visit;
  const one = await administratorOf(ctx, idInPath(visit, 'id', 'administrator-not-found'));
  const [roles, sessions, last, guarded] = await Promise.all([
    listRoles(ctx),
    sessionsOf(ctx, { administratorId: one.id }),
    isLastFull(ctx, one.id),
    hasSecondFactor(ctx, { kind: 'administrator', id: one.id }),
  ]);
  const isSelf = one.id === visitor?.administratorId;
  return {
    one,
    roles,
    sessions: sessions.length,
    isSelf,
    isOurs: holdsAll(visit, one.role.permissions),
    guarded,
    isLastFull: one.role.isFull && one.disabledAt === undefined && last,
    seesNotes: isSelf || visitor?.roleName === FULL_ADMINISTRATOR,
  };
}

async function change(visit: Visit): Promise<Answer> {
  const { ctx, actor, form: given } = visit;
  const { one, seesNotes } = await fileOf(visit);
  const roleId = given.has('role') ? wholeNumber(given.text('role')) : one.role.id;
  if (roleId === undefined) throw invalid({ role: 'role-missing' });
  const done = changeAdministrator(ctx, actor, one.id, {
    roleId,
    firstName: given.text('firstName'),
    lastName: given.text('lastName'),
    email: given.text('email'),
    signature: manyLines(given.text('signature')),
    ...(seesNotes ? { notes: manyLines(given.text('notes')) } : {}),
  });
  await atField(done, { 'email-taken': 'email', 'last-full-administrator': 'role' });
  return goTo(`${LIST}/${one.id}`, {
    tone: 'success',
    key: 'admin.administrators.changed',
    values: { username: one.username },
  });
}

function picture(visit: Visit, file: File): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  const { one } = file;
  const you = file.isSelf && html` ${badge(t('admin.administrators.you'))}`;
  return adminRoom(frame, {
    title: staffName(one),
    heading: html`${staffName(one)}${you}`,
    intro: html`${one.role.name} · ${staffStatus(visit, one)}`,
    back: { href: LIST, text: t('admin.administrators.title') },
    errors,
    body: stack(
      !file.isOurs && remark({ tone: 'info', body: t('admin.administrators.beyond', { role: one.role.name }) }),
      file.isOurs && file.isLastFull && remark({ tone: 'info', body: t('admin.administrators.lastFull') }),
      file.isOurs ? detailsForm(visit, file) : detailsCard(visit, file),
      signInCard(visit, file),
      file.isOurs && !file.isSelf && !file.isLastFull && doorCard(visit, file),
    ),
  });
}

function detailsForm(visit: Visit, file: File): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const { one } = file;
  const role = file.isLastFull
    ? readOnlyField(frame, {
        label: t('admin.administrators.role'),
        value: one.role.name,
        why: t('admin.administrators.lastFull.role'),
      })
    : roleField(visit, file.roles, textOr(given, 'role', String(one.role.id)));
  return card({
    body: form(frame, {
      errors,
      button: t('admin.administrators.save'),
      body: html`${formSection({
        title: t('admin.administrators.details'),
        body: html`${staffFields(visit, one)}${role}`,
      })}${formSection({
        title: t('admin.administrators.texts'),
        intro: t('admin.administrators.texts.intro'),
        body: textFields(visit, file),
      })}`,
    }),
  });
}

function textFields(visit: Visit, { one, seesNotes }: File): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const notes =
    seesNotes &&
    textArea(frame, {
      name: 'notes',
      label: t('admin.administrators.notes'),
      help: t('admin.administrators.notes.help'),
      errors,
      required: false,
      value: textOr(given, 'notes', one.notes),
      maxlength: 10_000,
    });
  return html`${textArea(frame, {
    name: 'signature',
    label: t('admin.administrators.signature'),
    help: t('admin.administrators.signature.help'),
    errors,
    required: false,
    value: textOr(given, 'signature', one.signature),
    maxlength: 10_000,
  })}${notes}`;
}

/** The same to look at, for visitors whose role holds less. */
function detailsCard(visit: Visit, { one }: File): Html {
  const { frame } = visit;
  const { t } = frame;
  return card({
    title: t('admin.administrators.details'),
    body: definitions(frame, [
      { term: t('admin.administrators.name'), value: staffName(one) },
      { term: t('admin.administrators.email'), value: one.email },
      { term: t('admin.administrators.role'), value: one.role.name },
      { term: t('admin.administrators.signature'), value: one.signature },
    ]),
  });
}

function signInCard(visit: Visit, file: File): Html {
  const { frame } = visit;
  const { t } = frame;
  const { one } = file;
  const lastLogin = html`${dateTime(frame, one.lastLoginAt, t('admin.administrators.never'))}${
    one.lastLoginIp && ` · ${one.lastLoginIp}`
  }`;
  return card({
    title: t('admin.administrators.signIn'),
    body: definitions(frame, [
      { term: t('admin.administrators.username'), value: one.username },
      {
        term: t('admin.administrators.password'),
        value: passwordState(visit, one),
      },
      {
        term: t('admin.users.factor'),
        value: file.guarded ? t('admin.user.factor.on') : t('admin.user.factor.off'),
      },
      { term: t('admin.administrators.lastLogin'), value: lastLogin },
      {
        term: t('admin.administrators.sessions'),
        value: t('admin.administrators.sessions.count', { count: file.sessions }),
      },
      { term: t('admin.administrators.since'), value: date(frame, one.createdAt) },
      one.disabledAt !== undefined && {
        term: t('admin.administrators.disabledSince'),
        value: dateTime(frame, one.disabledAt),
      },
    ]),
    footer: signInActs(visit, file),
  });
}

function passwordState({ frame: { t } }: Visit, one: Administrator): string {
  if (!one.hasPassword) return t('admin.administrators.password.none');
  return one.mustChangePassword ? t('admin.user.password.must-change') : t('admin.administrators.password.set');
}

function signInActs(visit: Visit, file: File): Html | undefined {
  const { t } = visit.frame;
  const { one } = file;
  const log = may(visit, 'View Activity Log')
    ? linkButton({ href: `/admin/log?administrator=${one.id}`, text: t('admin.administrators.log'), icon: 'history' })
    : undefined;
  if (file.isSelf)
    return buttonRow(
      linkButton({ href: '/admin/account', text: t('admin.administrators.toAccount'), icon: 'user-circle' }),
      log,
    );
  const letter =
    file.isOurs && one.disabledAt === undefined
      ? linkButton({ href: `${LIST}/${one.id}/password-letter`, text: t('admin.administrators.letter'), icon: 'mail' })
      : undefined;
  const end =
    file.isOurs && file.sessions > 0
      ? linkButton({ href: `${LIST}/${one.id}/sessions/end`, text: t('admin.administrators.end'), icon: 'logout' })
      : undefined;
  const require =
    file.isOurs && one.hasPassword
      ? linkButton({ href: `${LIST}/${one.id}/new-password`, text: t('passwords.user.require'), icon: 'key' })
      : undefined;
  const factor =
    file.isOurs && file.guarded
      ? linkButton({ href: `${LIST}/${one.id}/second-factor`, text: t('factors.staff.link'), icon: 'shield-lock' })
      : undefined;
  return letter || require || factor || end || log ? buttonRow(letter, require, factor, end, log) : undefined;
}

/** Shutting them out, or letting them in again. */
function doorCard(visit: Visit, { one }: File): Html {
  const { t } = visit.frame;
  if (one.disabledAt !== undefined)
    return card({
      title: t('admin.administrators.enable.title'),
      intro: t('admin.administrators.enable.intro'),
      actions: linkButton({ href: `${LIST}/${one.id}/activation`, text: t('admin.administrators.enable.link') }),
    });
  return card({
    title: t('admin.administrators.disable.title'),
    intro: t('admin.administrators.disable.intro'),
    tone: 'danger',
    actions: linkButton({
      href: `${LIST}/${one.id}/deactivation`,
      text: t('admin.administrators.disable.link'),
      tone: 'danger',
    }),
  });
}
