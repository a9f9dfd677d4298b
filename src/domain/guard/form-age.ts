// How long a form was open before it was sent: programs that fill in whatever they find need less than people do. The form
// carries the instant it was drawn, signed, so that nobody makes one up.

import { seconds } from '#kit/duration.ts';
import { constantTimeEqual } from '#kit/secret.ts';
import type { Context } from '#src/context.ts';

/** Nobody reads and fills in a form in less. */
export const QUICKEST_MS = seconds(2);
const PURPOSE = 'form-drawn';

/** What a form of this name carries in a hidden field. */
export function formStamp(ctx: Context, form: string): string {
  const at = String(ctx.now());
  return `${at}.${ctx.seal.sign(PURPOSE, `${form}|${at}`)}`;
}

/** Whether a form of this name was sent sooner than people can, or carries no stamp of ours. */
export function isTooQuick(ctx: Context, form: string, stamp: string): boolean {
  const [at = '', signature = ''] = stamp.split('.');
  if (!/^\d{1,15}$/.test(at) || !constantTimeEqual(signature, ctx.seal.sign(PURPOSE, `${form}|${at}`))) return true;
  return ctx.now() - Number(at) < QUICKEST_MS;
}
