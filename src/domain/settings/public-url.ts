// Where this installation is, for every link. Nothing that a request says has a part in it
// (Host header attacks on reset links: Zitadel CVE-2023-49097 and its successors).

import { publicUrl } from '#domain/settings/general.settings.ts';
import type { SettingsReader } from '#domain/settings/settings.ts';
import { settingAtHand, settingOf } from '#domain/settings/settings.ts';
import type { Config } from '#src/config.ts';

type OriginReader = SettingsReader & { readonly config: Config };

/** The public origin, without a slash at the end: DOORWARD_URL, else the setting, else localhost at our port. */
export async function publicOrigin(ctx: OriginReader): Promise<string> {
  return publicOriginAtHand(ctx) ?? ((await settingOf(ctx, publicUrl)) || localOrigin(ctx));
}

/** The same without waiting: undefined where `settingAtHand` is. */
export function publicOriginAtHand(ctx: OriginReader): string | undefined {
  if (ctx.config.publicUrl !== undefined) return ctx.config.publicUrl;
  const set = settingAtHand(ctx, publicUrl);
  return set === '' ? localOrigin(ctx) : set;
}

function localOrigin({ config }: OriginReader): string {
  return `http://localhost:${config.port}`;
}

/** An absolute address of ours from a path. */
export async function publicLink(ctx: OriginReader, path: string): Promise<string> {
  return `${await publicOrigin(ctx)}${path}`;
}

/** Whether an origin is of this very machine. Then plain http is allowed, and loopback callers count as listed. */
export function isLoopbackOrigin(origin: string): boolean {
  const host = new URL(origin).hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
