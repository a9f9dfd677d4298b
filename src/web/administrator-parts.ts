// What the pages of administrators share: their fields, their state, what the visitor may do with them.

import type { Administrator } from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import type { Role } from '#domain/administrators/roles.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { textOr } from '#web/page.ts';
import type { Choice } from '#web/parts/choice.ts';
import { selectField } from '#web/parts/choice.ts';
import { emailField, textField } from '#web/parts/field.ts';
import { fieldRow } from '#web/parts/form.ts';
import { status } from '#web/parts/status.ts';

/** Whether the visitor's role holds all of these: then whoever has them is theirs to change. */
export function holdsAll(visit: Visit, permissions: readonly Permission[]): boolean {
  const own = visit.administrator?.permissions ?? [];
  return permissions.every((permission) => own.includes(permission));
}

/** The whole name, in the order the language of the page gives it everywhere. */
export function staffName(administrator: Pick<Administrator, 'firstName' | 'lastName'>): string {
  return `${administrator.firstName} ${administrator.lastName}`.trim();
}

/** Whether they can sign in, as a word. */
export function staffStatus(visit: Visit, administrator: Administrator): Html {
  const { t } = visit.frame;
  if (administrator.disabledAt !== undefined) return status('quiet', t('admin.administrators.state.disabled'));
  if (!administrator.hasPassword) return status('waiting', t('admin.administrators.state.invited'));
  return status('good', t('admin.administrators.state.active'));
}

/** Names and address, as typed or as stored. */
export function staffFields(
  visit: Visit,
  stored: { readonly firstName: string; readonly lastName: string; readonly email: string },
): Html {
  const { frame, form, errors } = visit;
  const { t } = frame;
  // A colleague's details are typed here, so the browser must not fill in the visitor's own.
  const common = { errors, required: true, autocomplete: 'off' } as const;
  return html`${fieldRow(
    textField(frame, {
      ...common,
      name: 'firstName',
      label: t('admin.administrators.firstName'),
      value: textOr(form, 'firstName', stored.firstName),
      maxlength: 200,
    }),
    textField(frame, {
      ...common,
      name: 'lastName',
      label: t('admin.administrators.lastName'),
      value: textOr(form, 'lastName', stored.lastName),
      maxlength: 200,
    }),
  )}${emailField(frame, {
    ...common,
    name: 'email',
    label: t('admin.administrators.email'),
    value: textOr(form, 'email', stored.email),
  })}`;
}

/** The choice of a role; those that hold more than the visitor's own are there, but not to be chosen. */
export function roleField(visit: Visit, roles: readonly Role[], chosen: string): Html {
  const { frame, errors } = visit;
  const choices: Choice[] = roles.map((role) => ({
    value: String(role.id),
    text: role.name,
    disabled: !holdsAll(visit, role.permissions) && String(role.id) !== chosen,
  }));
  const some = choices.some((choice) => choice.disabled);
  return selectField(frame, {
    name: 'role',
    label: frame.t('admin.administrators.role'),
    help: some ? frame.t('admin.administrators.role.help') : undefined,
    errors,
    required: true,
    value: chosen,
    choose: chosen === '' ? frame.t('admin.administrators.role.choose') : undefined,
    choices,
  });
}
