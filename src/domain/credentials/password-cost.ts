// The cost of a password hash: measured at the first start toward a target time, kept, and measured anew when the target changes.

import { calibrate } from '#domain/credentials/password/calibration.ts';
import type { Argon2Cost } from '#domain/credentials/password/hasher.ts';
import { passwordMeasuredCost, passwordTargetTime } from '#domain/credentials/password.settings.ts';
import type { SettingsReader } from '#domain/settings/settings.ts';
import { keepSetting, settingOf } from '#domain/settings/settings.ts';

/** The cost of this installation. Every process of it uses the same one. Measures for at most a second when none is kept. */
export async function passwordCost(ctx: SettingsReader): Promise<Argon2Cost> {
  const target = await settingOf(ctx, passwordTargetTime);
  const kept = read(await settingOf(ctx, passwordMeasuredCost), target);
  if (kept) return kept;
  const cost = await calibrate(target);
  await keepSetting(ctx, passwordMeasuredCost, `${target}:${cost.memoryKiB},${cost.passes},${cost.lanes}`);
  return cost;
}

function read(text: string, target: number): Argon2Cost | undefined {
  const match = /^(\d+):(\d+),(\d+),(\d+)$/.exec(text);
  if (!match || Number(match[1]) !== target) return undefined;
  return { memoryKiB: Number(match[2]), passes: Number(match[3]), lanes: Number(match[4]) };
}
