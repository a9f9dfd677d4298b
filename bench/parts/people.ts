// Who is there when something is measured: customers with an account each, an administrator with a credential that may call
// everything; and their way in through the pages, as browsers go.

import { addOwner } from '#domain/access/member-changes.ts';
import { addAdministrator } from '#domain/administrators/administrators.ts';
import { addCredential } from '#domain/administrators/api-credentials.ts';
import { listRoles, makeFirstRoles } from '#domain/administrators/roles.ts';
import { systemActor } from '#domain/audit/actor.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import type { Argon2Cost } from '#domain/credentials/password/hasher.ts';
import { passwordMeasuredCost, passwordTargetTime } from '#domain/credentials/password.settings.ts';
import { keepSetting } from '#domain/settings/settings.ts';
import { addUser } from '#domain/users/users.ts';
import type { Context, OpenContext } from '#src/context.ts';
import { openContext } from '#src/context.ts';
import { configOf, type Place } from './place.ts';

/** The least that a hash may cost (OWASP's minimum): the cost at which everybody's figures can be compared. */
export const FLOOR: Argon2Cost = { memoryKiB: 19_456, passes: 2, lanes: 1 };

/** The password of everybody. */
export const PASSWORD = 'correct horse battery staple';

/** A customer and their account. */
export type Person = { readonly email: string; readonly userId: number; readonly clientId: number };

/** Everybody there is, the credential, and the hash that they all have. */
export type People = {
  readonly customers: readonly Person[];
  readonly credential: { readonly identifier: string; readonly secret: string };
  readonly administrator: string;
  readonly hash: string;
};

/**
 * Fills a fresh place with `count` customers, their passwords at this cost, and leaves that cost as the installation's;
 * `calibrated` leaves it the one that it measures for itself.
 */
export async function populate(place: Place, count: number, cost: Argon2Cost | 'calibrated' = FLOOR): Promise<People> {
  const ctx = await openContext(configOf(place.environment), cost === 'calibrated' ? {} : { passwordCost: cost });
  try {
    if (cost !== 'calibrated') await keepCost(ctx, cost);
    const hash = await ctx.passwords.seal(PASSWORD);
    const customers = await ctx.transaction(async (tx) => {
      await makeFirstRoles(tx);
      const made: Person[] = [];
      for (let number = 0; number < count; number += 1) made.push(await customer(tx, number, hash));
      return made;
    });
    return { customers, hash, administrator: 'root', credential: await credentialOf(ctx, hash) };
  } finally {
    await ctx.close();
  }
}

async function keepCost(ctx: OpenContext, { memoryKiB, passes, lanes }: Argon2Cost): Promise<void> {
  await keepSetting(ctx, passwordMeasuredCost, `${passwordTargetTime.fallback}:${memoryKiB},${passes},${lanes}`);
}

const SEEDING = systemActor('Bench');

async function customer(tx: Context, number: number, passwordHash: string): Promise<Person> {
  const email = `p${number}@example.test`;
  const name = { firstName: 'Person', lastName: `Number ${number}`, email };
  const userId = await addUser(tx, SEEDING, { ...name, passwordHash });
  const clientId = await addClient(tx, SEEDING, {
    ...name,
    companyName: `Company ${number}`,
    address1: '12 Placeholder Road',
    address2: '',
    city: 'Sampletown',
    state: 'Sampleshire',
    postcode: 'AB12 3CD',
    country: 'GB',
    phoneNumber: '+44.2079460000',
    taxId: '',
  });
  await addOwner(tx, SEEDING, userId, clientId);
  return { email, userId, clientId };
}

async function credentialOf(ctx: OpenContext, passwordHash: string): Promise<People['credential']> {
  const role = (await listRoles(ctx)).find((one) => one.name === 'Full Administrator');
  const administratorId = await addAdministrator(ctx, SEEDING, {
    roleId: role?.id ?? 0,
    username: 'root',
    firstName: 'Root',
    lastName: 'Staff',
    email: 'root@staff.example.test',
    passwordHash,
  });
  return addCredential(ctx, SEEDING, {
    administratorId,
    description: 'bench',
    roleIds: [],
    everyAction: true,
    allowedAddresses: ['127.0.0.1'],
    expiresAt: undefined,
  });
}

/** At which cost everybody's hash was made, such as `m=19456,t=2,p=1`: as it stands in the hash. */
export function costIn({ hash }: People): string {
  return /\$(m=[^$]*)/.exec(hash)?.[1] ?? '';
}

/** A form of ours as a browser holds it: the token in it and the cookies beside it. */
export type OpenForm = { readonly csrf: string; readonly cookie: string };

/** Opens a page with a form. */
export async function openForm(origin: string, path: string): Promise<OpenForm> {
  const answer = await fetch(origin + path, { redirect: 'manual' });
  const csrf = /name="csrf" value="([^"]*)"/.exec(await answer.text())?.[1];
  if (answer.status !== 200 || !csrf) throw new Error(`${path} answered ${answer.status}, without a form`);
  return { csrf, cookie: cookiesOf(answer) };
}

/** The headers of a browser that signed in by the page. Throws when it was not let in. */
export async function signedIn(
  origin: string,
  path: '/login' | '/admin/login',
  name: string,
): Promise<{ cookie: string }> {
  const form = await openForm(origin, path);
  const answer = await fetch(origin + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': FORM, cookie: form.cookie },
    body: signInBody(form, path, name),
  });
  if (answer.status !== 303 || !/-(session|admin)=/.test(cookiesOf(answer)))
    throw new Error(`${path} did not let ${name} in: ${answer.status}`);
  return { cookie: `${form.cookie}; ${cookiesOf(answer)}` };
}

/** The content type of a form. */
export const FORM = 'application/x-www-form-urlencoded';

/** What a browser posts to sign in. */
export function signInBody({ csrf }: OpenForm, path: '/login' | '/admin/login', name: string): string {
  const field = path === '/login' ? 'email' : 'username';
  return new URLSearchParams({ csrf, [field]: name, password: PASSWORD }).toString();
}

/** The body of an API call, answered as JSON. */
export function apiBody(
  { credential }: People,
  action: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const given = { ...credential, action, responsetype: 'json', ...values };
  return new URLSearchParams(Object.entries(given).map(([name, value]) => [name, String(value)])).toString();
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0] ?? '')
    .filter((one) => !one.endsWith('='))
    .join('; ');
}
