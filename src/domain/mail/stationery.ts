// What stands on every letter: the name at the head, the closing, and what the operator puts above and below.

import type { Stationery } from '#domain/mail/letter.ts';
import { readMarkup } from '#domain/mail/letter-markup.ts';
import { mailFooter, mailHeader, mailSignature } from '#domain/mail/mail.settings.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Context } from '#src/context.ts';

/** The stationery of letters to customers, or to staff, who get no header and footer. */
export async function stationeryFor(ctx: Context, readers: 'customers' | 'staff'): Promise<Stationery> {
  const own = { companyName: await settingOf(ctx, companyName), signature: await settingOf(ctx, mailSignature) };
  if (readers === 'staff') return own;
  return {
    ...own,
    header: readMarkup(await settingOf(ctx, mailHeader)),
    footer: readMarkup(await settingOf(ctx, mailFooter)),
  };
}
