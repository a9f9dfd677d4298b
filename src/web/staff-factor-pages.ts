// Switching somebody's second factors off as staff: what they lose, and why it is done. Never on (behaviours.md 3.10).

import type { FactorHolder } from '#domain/credentials/factor.ts';
import { factorsOf } from '#domain/credentials/factors.ts';
import { MOST_IN_REASON } from '#domain/login/factor-reset.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import { factorWord } from '#web/factor-parts.ts';
import type { Visit } from '#web/page.ts';
import { linkButton } from '#web/parts/button.ts';
import { card } from '#web/parts/card.ts';
import { confirmation } from '#web/parts/confirmation.ts';
import { empty } from '#web/parts/empty.ts';
import { textField } from '#web/parts/field.ts';

/** What stands on the page: the factors by name, what ends, the reason; or that there is nothing to switch off. */
export async function switchingOff(
  visit: Visit,
  holder: FactorHolder,
  about: { readonly name: string; readonly sessions: number; readonly back: string },
): Promise<Html> {
  const { ctx, frame, errors, form: typed } = visit;
  const { t } = frame;
  const held = await factorsOf(ctx, holder);
  const cancel = { href: about.back, text: t('admin.client.cancel') };
  if (held.length === 0)
    return card({
      flush: empty({
        icon: 'shield-lock',
        title: t('factors.staff.none'),
        text: t('factors.staff.none.text', { name: about.name }),
        action: linkButton(cancel),
      }),
    });
  return card({
    body: confirmation(frame, {
      errors,
      losses: [
        ...held.map((factor) => t('factors.staff.loss', { factor: factorWord(frame, factor) })),
        ...(about.sessions === 0 ? [] : [t('factors.staff.sessions', { count: about.sessions })]),
      ],
      kept: html`${t('factors.staff.kept', { name: about.name })}`,
      button: t('factors.staff.button'),
      cancel,
      fields: textField(frame, {
        name: 'reason',
        label: t('factors.staff.reason'),
        help: t('factors.staff.reason.help'),
        errors,
        required: true,
        value: typed.text('reason'),
        autocomplete: 'off',
        maxlength: MOST_IN_REASON,
      }),
    }),
  });
}
