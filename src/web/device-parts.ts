// What pages show of browsers: the ticks of signing in, and a browser and its place in words.

import type { FactorHolder } from '#domain/credentials/factor.ts';
import type { BrowserName } from '#domain/devices/browser-name.ts';
import { browserName } from '#domain/devices/browser-name.ts';
import { trustDays } from '#domain/devices/devices.ts';
import { countryName, countryOf } from '#domain/devices/place.ts';
import { rememberedDays } from '#domain/devices/remembered.ts';
import type { Html } from '#kit/html.ts';
import { html } from '#kit/html.ts';
import type { Visit } from '#web/page.ts';
import { checkbox } from '#web/parts/choice.ts';
import type { Frame } from '#web/parts/frame.ts';
import type { Door } from '#web/sign-in.ts';

/** The tick of a sign-in form by which a browser stays signed in; undefined where the operator does not offer it. Posts `remember`. */
export async function rememberTick(visit: Visit, door: Pick<Door, 'side'>): Promise<Html | undefined> {
  return tick(visit, 'remember', await rememberedDays(visit.ctx, door.side));
}

/**
 * The tick of a page that asks for a second factor, by which it is not asked on this browser again for a while; undefined
 * where the operator does not offer it. Posts `trust`, which `offerResponse` reads.
 */
export async function trustTick(visit: Visit, door: Pick<Door, 'side'>): Promise<Html | undefined> {
  return tick(visit, 'trust', await trustDays(visit.ctx, door.side));
}

function tick({ frame, form }: Visit, name: 'remember' | 'trust', days: number): Html | undefined {
  if (days === 0) return undefined;
  return checkbox(frame, {
    name,
    label: frame.t(`devices.${name}.label`, { days }),
    help: frame.t(`devices.${name}.help`),
    checked: form.has(name),
  });
}

/** Whatever is listed by its browser and address. */
export type Sat = { readonly userAgent: string; readonly ip: string };

/** The words of a browser, and about where it is; the place is undefined where it is not known. */
export type SatWords = { readonly device: string; readonly place: string | undefined };

/** Finds the words for each of several, so that the picture needs to wait for nothing. */
export async function wordsForEach<One extends Sat>(
  { ctx, frame }: Visit,
  all: readonly One[],
): Promise<ReadonlyMap<One, SatWords>> {
  const found = all.map(async (one): Promise<readonly [One, SatWords]> => {
    const country = await countryOf(ctx, one.ip);
    const place = country === undefined ? undefined : countryName(frame.language, country);
    return [one, { device: browserWords(frame, await browserName(one.userAgent)), place }];
  });
  return new Map(await Promise.all(found));
}

/** A browser in the words of the page. */
function browserWords({ t }: Frame, { browser, system }: BrowserName): string {
  if (browser !== undefined && system !== undefined) return t('client.sessions.browser-on', { browser, system });
  return browser ?? system ?? t('client.sessions.unknown');
}

/** An address with about where it is. */
export function whereFrom({ t }: Frame, one: Sat, words: SatWords | undefined): Html {
  if (words?.place === undefined) return html`${one.ip}`;
  return html`${one.ip}<br><span class="text-secondary small">${t('devices.place.about', { place: words.place })}</span>`;
}

/** Whose browsers these are. */
export function holderOf(visit: Visit, kind: FactorHolder['kind']): FactorHolder {
  const id = kind === 'user' ? visit.user?.userId : visit.administrator?.administratorId;
  if (id === undefined) throw new Error(`a page of ${kind} without one`);
  return { kind, id };
}
