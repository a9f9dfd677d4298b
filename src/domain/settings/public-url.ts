// Where this installation is, for every link. Nothing that a request says has a part in it
// (Host header attacks on reset links: Zitadel CVE-2023-49097 and its successors).

import { publicUrl } from '#domain/settings/general.settings.ts';
import type { SettingsReader } from '#domain/settings/settings.ts';
import { settingOf } from '#domain/settings/settings.ts';
import type { Config } from '#src/config.ts';

/** The public origin, without a slash at the end: DOORWARD_URL, else the setting, else localhost at our port. */
export async function publicOrigin(ctx: SettingsReader & { readonly config: Config }): Promise<string> {
  return ctx.config.publicUrl ?? ((await settingOf(ctx, publicUrl)) || `http://localhost:${ctx.config.port}`);
}

/** An absolute address of ours from a path. */
export async function publicLink(ctx: SettingsReader & { readonly config: Config }, path: string): Promise<string> {
  return `${await publicOrigin(ctx)}${path}`;
}

/** Whether an origin is of this very machine. Then plain http is allowed, and loopback callers count as listed. */
export function isLoopbackOrigin(origin: string): boolean {
  const host = new URL(origin).hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
