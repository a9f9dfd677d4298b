// What tests of the admin area share: staff with just some permissions, reading answers, and what must not have changed.

import { createHash } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { addAdministrator, findAdministratorWithHash } from '#domain/administrators/administrators.ts';
import type { Permission } from '#domain/administrators/permissions.ts';
import { addRole } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { signIn } from '#domain/login/sign-in.ts';
import { makeProof } from '#domain/sessions/proof.ts';
import { publicOrigin } from '#domain/settings/public-url.ts';
import { findPages } from '#src/app.ts';
import type { TestBrowser, World } from '#tests/world.ts';
import { sealedPassword } from '#tests/world.ts';
import { cookieName } from '#web/cookies.ts';
import type { FoundPage } from '#web/front/found-pages.ts';

let made = 0;

/** A browser in which somebody is signed in whose role holds just these permissions (and a place to land). */
export async function staffWith(world: World, permissions: readonly Permission[]): Promise<TestBrowser> {
  made += 1;
  const actor = systemActor('Test');
  const name = `staff${'abcdefghij'[Math.floor(made / 10) % 10]}${'abcdefghij'[made % 10]}${made}`;
  const held = new Set<Permission>(['Support Center Overview', ...permissions]);
  const roleId = await addRole(world.ctx, actor, { name: `Role of ${name}`, permissions: [...held] });
  const email = `${name}@staff.example.test`;
  const passwordHash = await sealedPassword();
  await addAdministrator(world.ctx, actor, {
    roleId,
    username: name,
    firstName: name,
    lastName: 'S',
    email,
    passwordHash,
  });
  return signedIn(world, name);
}

/** A browser in which this administrator is signed in, as by the page of the sign-in, but with no password to be hashed. */
export async function signedIn(world: World, username: string): Promise<TestBrowser> {
  const { ctx } = world;
  const staff = await findAdministratorWithHash(ctx, username);
  if (!staff) throw new Error(`there is no ${username}`);
  const person = { kind: 'administrator', administratorId: staff.administrator.id } as const;
  const proof = makeProof(person, ['password'], staff.hash);
  const { token } = await signIn(ctx, proof, { ip: '127.0.0.1', userAgent: 'Test browser', origin: 'login' });
  const browser = world.browser();
  await browser.get('/admin/login'); // its forms are its own from here on
  browser.cookies.set(cookieName('admin', (await publicOrigin(ctx)).startsWith('https:')), token);
  return browser;
}

/** Where a redirect leads. */
export function leadsTo(answer: LightMyRequestResponse): string {
  return String(answer.headers.location ?? `(${answer.statusCode})`);
}

/** What a reader sees of a page: its words, without the markup. */
export function wordsOf(answer: LightMyRequestResponse): string {
  const main = /<main[\s\S]*<\/main>/.exec(answer.body)?.[0] ?? answer.body;
  return decoded(main.replaceAll(/<[^>]*>/g, ' ')).replaceAll(/\s+/g, ' ');
}

/** The value that a field holds, or undefined when there is no such field; ticks and choices by what is chosen. */
export function fieldValue(answer: LightMyRequestResponse, name: string): string | undefined {
  const area = new RegExp(`<textarea[^>]* name="${name}"[^>]*>\\n?([\\s\\S]*?)</textarea>`).exec(answer.body);
  if (area) return decoded(area[1] ?? '');
  const select = new RegExp(`<select[^>]* name="${name}"[^>]*>([\\s\\S]*?)</select>`).exec(answer.body);
  if (select) return decoded(/<option value="([^"]*)"[^>]* selected/.exec(select[1] ?? '')?.[1] ?? '');
  const inputs = [...answer.body.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => tag.includes(` name="${name}"`));
  const one = inputs.find((tag) => !/type="(radio|checkbox)"/.test(tag) || / checked/.test(tag));
  if (!one) return inputs.length > 0 ? '' : undefined;
  return decoded(/ value="([^"]*)"/.exec(one)?.[1] ?? '');
}

/** The names of the fields that are marked wrong. */
export function wrongFields(answer: LightMyRequestResponse): string[] {
  const named = [...answer.body.matchAll(/<p class="dw-error" id="field-([\w-]+)-error"/g)].map(
    ([, name]) => name ?? '',
  );
  return [...new Set(named)].sort();
}

/**
 * Everything that people or staff could have changed, by table, as a count and a fingerprint, so that two can be compared.
 * When somebody was last seen is no change.
 */
export async function stateOf(world: World): Promise<Readonly<Record<string, string>>> {
  const { db } = world.ctx;
  const state: Record<string, string> = {};
  for (const table of TABLES) {
    const rows = await db.selectFrom(table).selectAll().execute();
    const lines = rows.map((row) => JSON.stringify({ ...row, last_entered_at: 0, last_seen_at: 0 })).sort();
    state[table] = `${rows.length} ${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16)}`;
  }
  return state;
}

const TABLES = [
  'users',
  'clients',
  'members',
  'administrators',
  'admin_roles',
  'api_credentials',
  'api_credential_roles',
  'api_roles',
  'settings',
  'banned_addresses',
  'letters',
  'password_links',
  'sessions',
  'sso_tokens',
  'contacts',
  'consent_log',
  'client_notes',
  'credit_log',
  'client_files',
  'client_alerts',
] as const;

/** The pages of the admin area that show clients and users, and its home. */
export async function peoplePages(): Promise<FoundPage[]> {
  return (await findPages()).filter(({ file }) =>
    /^src\/web\/admin\/(?:home|search|clients|users)(?:\.ts|\/)/.test(file),
  );
}

/** A page about something that belongs to whoever made it: to everybody else it is not there. */
export function isAboutOwnThing({ address }: FoundPage): boolean {
  return address === '/admin/clients/bulk/:id' || address.startsWith('/admin/confirm-identity');
}

/** The address of a page about ada, her client, and ben, who may enter it. */
export function addressFor(world: World, address: string): string {
  const { ada, ben, eve } = world.cast;
  const id = address.startsWith('/admin/users/') ? ada.id : ada.clientId;
  return address
    .replace(':id', String(id))
    .replace(':user', String(ben.id))
    .replace(':into', String(eve.clientId))
    .replace(/:(?:contact|note|file|alert|invitation|merge|field|account)\b/, '1'); // the first of each: see addRecords of tests/records.ts
}

/** The form token that this browser's pages hold. */
export async function tokenOf(browser: TestBrowser, path = '/admin'): Promise<string> {
  return /name="csrf" value="([^"]*)"/.exec((await browser.get(path)).body)?.[1] ?? '';
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
