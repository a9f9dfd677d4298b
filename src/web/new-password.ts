// The field of a new password, wherever one is chosen: the rule in words, how hard it is to guess while it is typed, a button
// that shows it, and nothing that stands in the way of pasting or of a password manager (ASVS 5.0 V6.2.6, V6.2.7).

import type { PasswordRule } from '#domain/credentials/password-rule.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { passwordField } from '#web/parts/field.ts';

/** Draws it. `name` is `password` unless told, `label` "New password". */
export function newPasswordField(
  { frame, errors }: Pick<Visit, 'frame' | 'errors'>,
  rule: PasswordRule,
  options: {
    readonly name?: string;
    readonly label?: string;
    readonly autofocus?: boolean;
    readonly enterkeyhint?: 'next' | 'done';
    readonly required?: boolean;
    readonly scope?: string;
    readonly help?: string;
  } = {},
): Html {
  const { name = 'password', label = frame.t('entrance.password.label'), help, ...more } = options;
  return passwordField(frame, {
    required: true,
    ...more,
    name,
    label,
    help: errors?.[name] ? undefined : (help ?? frame.t('entrance.password.help', { minimum: rule.minimum })),
    errors,
    autocomplete: 'new-password',
    rule,
  });
}
