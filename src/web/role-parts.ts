// What the pages of roles share: the long list of ticks, and the form around it.

import type { PermissionGroup } from '#domain/administrators/permission-groups.ts';
import { PERMISSION_GROUPS } from '#domain/administrators/permission-groups.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { PERMISSIONS } from '#domain/administrators/permissions.ts';
import type { MailKind } from '#domain/administrators/roles.ts';
import { MAIL_KINDS } from '#domain/administrators/roles.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { comparable } from '#kit/text.ts';
import { isKey } from '#src/locales/words.ts';
import { holdsAll } from '#web/administrator-parts.ts';
import type { Visit } from '#web/page.ts';
import { textOr } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import type { Choice } from '#web/parts/choice.ts';
import { checkboxGroup } from '#web/parts/choice.ts';
import { textField } from '#web/parts/field.ts';
import { form } from '#web/parts/form.ts';
import { remark } from '#web/parts/notice.ts';
import { tickGroups } from '#web/tick-groups.ts';

/** The form of a role: its name and its ticks. What the visitor does not hold is there, but not to be ticked. */
export function roleForm(
  visit: Visit,
  role: {
    readonly name: string;
    readonly permissions: readonly Permission[];
    readonly mailKinds: readonly MailKind[];
  },
  act: { readonly button: string; readonly cancel: string },
): Html {
  const { frame, form: given, errors } = visit;
  const { t } = frame;
  const name = textField(frame, {
    name: 'name',
    label: t('admin.roles.name'),
    errors,
    required: true,
    value: textOr(given, 'name', role.name),
    autocomplete: 'off',
    maxlength: 100,
    width: 'medium',
  });
  const mail = checkboxGroup(frame, {
    name: 'mailKinds',
    label: t('templates.roles.mail'),
    help: t('templates.roles.mail.help'),
    values: given.given ? [...given.all('mailKinds')] : [...role.mailKinds],
    choices: MAIL_KINDS.map((kind) => ({ value: kind, text: t(`templates.roles.mail.${kind}`) })),
  });
  const beyond = !holdsAll(visit, PERMISSIONS) && remark({ tone: 'info', body: t('admin.roles.beyond') });
  return form(frame, {
    errors,
    button: act.button,
    secondary: linkButton({ href: act.cancel, text: t('admin.roles.cancel') }),
    body: html`${name}${mail}${beyond}${tickGroups(frame, {
      name: 'permissions',
      label: t('admin.roles.permissions'),
      errors,
      values: given.given ? given.all('permissions') : role.permissions,
      groups: PERMISSION_GROUPS.map((group) => ({
        name: group.name,
        title: groupTitle(visit, group),
        choices: choicesOf(visit, group),
      })),
    })}`,
  });
}

/** The name of a group of permissions. */
export function groupTitle(visit: Visit, group: PermissionGroup): string {
  return visit.frame.t(`admin.roles.group.${group.name}`);
}

function choicesOf(visit: Visit, group: PermissionGroup): Choice[] {
  return group.permissions.map((permission) => ({
    value: permission,
    text: permission,
    help: helpOf(visit, permission),
    disabled: !holdsAll(visit, [permission]),
  }));
}

/** A sentence for those permissions whose name does not say how far they reach. */
function helpOf(visit: Visit, permission: Permission): string | undefined {
  const key = `admin.roles.help.${comparable(permission).replaceAll(/[^a-z]+/g, '-')}`;
  return isKey(key) ? visit.frame.t(key) : undefined;
}
