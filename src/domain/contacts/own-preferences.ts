// What the people of an account choose about its letters themselves.

import type { Actor } from '#domain/audit/actor.ts';
import { changeClient } from '#domain/clients/client-changes.ts';
import type { EmailPreferences } from '#domain/clients/email-preferences.ts';
import { clientEmailPreferences } from '#domain/contacts/email-preferences.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { notAllowed } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** Whether the operator leaves the choice to customers. */
export async function mayChoosePreferences(ctx: Context): Promise<boolean> {
  return settingOf(ctx, clientEmailPreferences);
}

/**
 * Changes which letters an account gets, for its people. Throws not-allowed `preferences-fixed` when the operator keeps the
 * choice, or invalid `emailPreferences` when nobody would get letters about domains. Answers whether anything changed.
 */
export async function choosePreferences(
  ctx: Context,
  actor: Actor,
  clientId: number,
  preferences: EmailPreferences,
): Promise<boolean> {
  if (!(await mayChoosePreferences(ctx))) throw notAllowed('preferences-fixed');
  const changed = await changeClient(ctx, actor, clientId, { emailPreferences: preferences });
  return changed.length > 0;
}
