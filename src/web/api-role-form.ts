// The form of an API role: its name, what it is for, and the actions it allows, by WHMCS's own groups.

import { API_ACTION_GROUPS } from '#domain/administrators/api-actions.ts';
import type { ApiRole } from '#domain/administrators/api-credentials.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { tickGroups } from '#web/tick-groups.ts';

/** Draws it, as typed or as stored. */
export function apiRoleForm(
  visit: Visit,
  role: Pick<ApiRole, 'name' | 'description' | 'actions'>,
  act: { readonly button: string; readonly cancel: string },
): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  return form(frame, {
    errors,
    button: act.button,
    secondary: linkButton({ href: act.cancel, text: t('admin.api-roles.cancel') }),
    body: html`${textField(frame, {
      name: 'name',
      label: t('admin.api-roles.name'),
      errors,
      required: true,
      value: textOr(given, 'name', role.name),
      autocomplete: 'off',
      maxlength: 100,
      width: 'medium',
    })}${textField(frame, {
      name: 'description',
      label: t('admin.api-roles.description'),
      help: t('admin.api-roles.description.help'),
      errors,
      required: false,
      value: textOr(given, 'description', role.description),
      autocomplete: 'off',
      maxlength: 500,
    })}${tickGroups(frame, {
      name: 'actions',
      label: t('admin.api-roles.actions'),
      errors,
      values: given.given ? given.all('actions') : role.actions,
      groups: API_ACTION_GROUPS.map(({ group, actions }) => ({
        name: group.toLowerCase().replaceAll(' ', '-'),
        title: group,
        choices: actions.map((action) => ({ value: action.toLowerCase(), text: action })),
      })),
    })}`,
  });
}
