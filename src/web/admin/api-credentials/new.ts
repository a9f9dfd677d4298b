// Makes an API credential. The secret is in the answer to this very post and nowhere else, before or after.

import type { Administrator } from '#domain/administrators/administrators.ts';
import { holds, listAdministrators } from '#domain/administrators/administrators.ts';
import type { ApiRole } from '#domain/administrators/api-credentials.ts';
import { addCredential, listApiRoles } from '#domain/administrators/api-credentials.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { invalid } from '#kit/problem.ts';
import { oneLine } from '#kit/text.ts';
import { holdsAll, staffName } from '#web/administrator-parts.ts';
import { dayEnd, dayOf } from '#web/day.ts';
import type { Answer, Form, Visit } from '#web/page.ts';
import { page, show, textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card, stack } from '#web/parts/card.ts';
import { checkboxGroup, radioGroup, selectField } from '#web/parts/choice.ts';
import { textArea, textField } from '#web/parts/field.ts';
import { form, formSection } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { adminRoom } from '#web/parts/rooms.ts';
import { secretBox } from '#web/parts/secret.ts';
import { wholeNumber } from '#web/staff.ts';

const LIST = '/admin/api-credentials';

export default page({
  who: { is: 'staff', permission: 'Manage API Credentials' },
  stepUp: true,
  get: async (visit) => {
    const [staff, roles] = await Promise.all([listAdministrators(visit.ctx, false), listApiRoles(visit.ctx)]);
    const theirs = staff.filter((one) => holdsAll(visit, one.role.permissions));
    return show(picture(withReachable(visit, roles), theirs, roles));
  },
  post: make,
});

async function make(visit: Visit): Promise<Answer> {
  const { ctx, actor, form: given } = visit;
  const administratorId = wholeNumber(given.text('administrator'));
  if (administratorId === undefined) throw invalid({ administrator: 'administrator-not-found' });
  const description = oneLine(given.text('description'));
  if (description === '') throw invalid({ description: 'description-missing' });
  if (description.length > 300) throw invalid({ description: 'too-long' });
  const everyAction = given.text('reach') === 'every';
  const made = await addCredential(ctx, actor, {
    administratorId,
    description,
    everyAction,
    roleIds: everyAction ? [] : roleIdsIn(given),
    allowedAddresses: given
      .text('allowedAddresses')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    expiresAt: endIn(given),
  });
  return show(secretPicture(visit, description, made));
}

/** The roles ticked, each once; what is no number becomes a role that there is not. */
function roleIdsIn(given: Form): number[] {
  return [...new Set(given.all('roles').map((text) => wholeNumber(text) ?? 0))];
}

function endIn(given: Form): number | undefined {
  const typed = given.text('expires').trim();
  if (typed === '') return undefined;
  const end = dayEnd(typed);
  if (end === undefined) throw invalid({ expires: 'date-invalid' });
  return end;
}

/** Without any role to tick, the error about that belongs to the choice above. */
function withReachable(visit: Visit, roles: readonly ApiRole[]): Visit {
  if (roles.length > 0 || visit.errors?.['roles'] === undefined) return visit;
  const { roles: missing, ...others } = visit.errors;
  return { ...visit, errors: { ...others, reach: missing ?? '' } };
}

function picture(visit: Visit, staff: readonly Administrator[], roles: readonly ApiRole[]): Html {
  const { frame, errors } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.api-credentials.new.title'),
    back: { href: LIST, text: t('admin.api-credentials.title') },
    errors,
    body: card({
      body: form(frame, {
        errors,
        button: t('admin.api-credentials.new.button'),
        secondary: linkButton({ href: LIST, text: t('admin.api-credentials.cancel') }),
        body: html`${formSection({
          title: t('admin.api-credentials.new.what'),
          body: whatFields(visit, staff),
        })}${formSection({
          title: t('admin.api-credentials.new.reach'),
          intro: t('admin.api-credentials.new.reach.intro'),
          body: reachFields(visit, roles),
        })}${formSection({
          title: t('admin.api-credentials.new.limits'),
          intro: t('admin.api-credentials.new.limits.intro'),
          body: limitFields(visit),
        })}`,
      }),
    }),
  });
}

function whatFields(visit: Visit, staff: readonly Administrator[]): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const self = String(visit.administrator?.administratorId ?? '');
  return html`${textField(frame, {
    name: 'description',
    label: t('admin.api-credentials.description'),
    help: t('admin.api-credentials.description.help'),
    errors,
    required: true,
    value: given.text('description'),
    autocomplete: 'off',
    maxlength: 300,
  })}${selectField(frame, {
    name: 'administrator',
    label: t('admin.api-credentials.administrator'),
    help: t('admin.api-credentials.administrator.help'),
    errors,
    required: true,
    value: textOr(given, 'administrator', self),
    choices: staff.map((one) => ({
      value: String(one.id),
      text: holds(one, 'API Access')
        ? `${staffName(one)} (${one.username})`
        : t('admin.api-credentials.administrator.noAccess', { name: staffName(one), username: one.username }),
    })),
  })}`;
}

function reachFields(visit: Visit, roles: readonly ApiRole[]): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const ticks =
    roles.length === 0
      ? html`<p class="dw-field">${t('admin.api-credentials.noRoles')} <a href="/admin/api-roles/new">${t('admin.api-roles.add')}</a></p>`
      : checkboxGroup(frame, {
          name: 'roles',
          label: t('admin.api-credentials.roles'),
          errors,
          values: given.all('roles'),
          choices: roles.map((role) => ({
            value: String(role.id),
            text: role.name,
            help: role.description || undefined,
          })),
        });
  return html`${radioGroup(frame, {
    name: 'reach',
    label: t('admin.api-credentials.reach'),
    errors,
    value: textOr(given, 'reach', 'roles'),
    choices: [
      { value: 'roles', text: t('admin.api-credentials.reach.roles') },
      {
        value: 'every',
        text: t('admin.api-credentials.everyAction'),
        help: t('admin.api-credentials.everyAction.help'),
      },
    ],
  })}${ticks}`;
}

function limitFields(visit: Visit): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  return html`${textArea(frame, {
    name: 'allowedAddresses',
    label: t('admin.api-credentials.addresses'),
    help: t('admin.api-credentials.addresses.help'),
    errors,
    required: false,
    value: given.text('allowedAddresses'),
    rows: 3,
    mono: true,
    maxlength: 5000,
  })}${textField(frame, {
    name: 'expires',
    label: t('admin.api-credentials.expires'),
    help: t('admin.api-credentials.expires.help', { today: dayOf(frame.now) }),
    errors,
    required: false,
    value: given.text('expires'),
    type: 'date',
    width: 'medium',
  })}`;
}

function secretPicture(
  visit: Visit,
  description: string,
  made: { readonly identifier: string; readonly secret: string },
): Html {
  const { frame } = visit;
  const { t } = frame;
  return adminRoom(frame, {
    title: t('admin.api-credentials.made.title'),
    intro: description,
    back: { href: LIST, text: t('admin.api-credentials.title') },
    body: stack(
      remark({
        tone: 'warning',
        title: t('admin.api-credentials.made.now'),
        body: t('admin.api-credentials.made.why'),
      }),
      card({
        body: html`${secretBox(frame, {
          name: 'identifier',
          label: t('admin.api-credentials.identifier'),
          secret: made.identifier,
        })}${secretBox(frame, {
          name: 'secret',
          label: t('admin.api-credentials.secret'),
          secret: made.secret,
          help: t('admin.api-credentials.secret.help'),
        })}`,
        footer: linkButton({ href: LIST, text: t('admin.api-credentials.made.done') }),
      }),
    ),
  });
}
