// What a person may do on a client, as ticks (behaviours.md 2.3).

import type { AccessPermission } from '#domain/access/permissions.ts';
import { ACCESS_PERMISSIONS } from '#domain/access/permissions.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { checkboxGroup } from '#web/parts/choice.ts';

/** The permissions as ticks, posted as `permissions`. */
export function permissionsField(visit: Visit, stored: readonly AccessPermission[]): Html {
  const { frame, form, errors } = visit;
  return checkboxGroup(frame, {
    name: 'permissions',
    label: frame.t('admin.client.field.permissions'),
    errors,
    values: form.given ? form.all('permissions') : stored,
    choices: ACCESS_PERMISSIONS.map((one) => ({ value: one, text: frame.t(`admin.client.permission.${one}`) })),
    columns: true,
  });
}
