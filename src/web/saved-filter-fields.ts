// The fields of a saved filter: how it is called, and who sees it.

import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { checkbox } from '#web/parts/choice.ts';
import { textField } from '#web/parts/field.ts';

/** Draws them. */
export function savedFilterFields({ frame, errors }: Visit, value: { name: string; isShared: boolean }): Html {
  const { t } = frame;
  return html`${textField(frame, {
    name: 'name',
    label: t('lists.filters.name'),
    errors,
    value: value.name,
    required: true,
    maxlength: 60,
    autocomplete: 'off',
    autofocus: true,
  })}${checkbox(frame, {
    name: 'shared',
    label: t('lists.filters.shared'),
    help: t('lists.filters.shared.help'),
    errors,
    checked: value.isShared,
  })}`;
}
