// Asking whoever is signed in for their password once more, before what an open browser alone must not do.

import { userOf } from '#domain/users/users.ts';
import type { Html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { empty } from '#web/parts/empty.ts';
import { passwordField } from '#web/parts/field.ts';

/** The field `current` of a form. */
export function currentPasswordField({ frame, errors }: Pick<Visit, 'frame' | 'errors'>): Html {
  return passwordField(frame, {
    name: 'current',
    label: frame.t('client.password.current'),
    help: errors?.['current'] ? undefined : frame.t('people.current.why'),
    errors,
    required: true,
    autocomplete: 'current-password',
  });
}

/** Whether somebody has a password that can be asked for; whoever came by single sign-on may have none. */
export async function hasPassword({ ctx, user }: Visit): Promise<boolean> {
  return user !== undefined && (await userOf(ctx, user.userId)).hasPassword;
}

/** In place of a form: there is nothing to ask for yet. */
export function passwordFirst({ frame }: Pick<Visit, 'frame'>): Html {
  const { t } = frame;
  return card({
    body: empty({
      icon: 'lock',
      title: t('client.password.none'),
      text: t('people.current.none'),
      action: linkButton({ href: '/password/reset', text: t('client.password.none-button'), tone: 'primary' }),
    }),
  });
}
