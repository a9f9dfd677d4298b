// A small cast for trying things out, one person for each thing worth seeing. For development alone: their password is no secret.

import { addMember, addOwner } from '#domain/access/member-changes.ts';
import type { AccessPermission } from '#domain/access/permissions.ts';
import { addAdministrator } from '#domain/administrators/administrators.ts';
import { listRoles, makeFirstRoles } from '#domain/administrators/roles.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { addClient } from '#domain/clients/client-creation.ts';
import type { ClientProfile } from '#domain/clients/client-profile.ts';
import type { ClientStatus } from '#domain/clients/clients.ts';
import { sendPasswordLink } from '#domain/login/password-links.ts';
import { addUser } from '#domain/users/users.ts';
import type { Context } from '#src/context.ts';

/** Somebody of the cast and what they are there for. */
export type CastMember = { readonly signsInAt: string; readonly name: string; readonly why: string };

/** Whom to sign in as. */
export const CAST: readonly CastMember[] = [
  { signsInAt: '/admin/login', name: 'root', why: 'may do everything (Full Administrator)' },
  { signsInAt: '/admin/login', name: 'sam', why: 'may do less (Support Operator)' },
  { signsInAt: '/login', name: 'ada@example.test', why: 'owns Analytical Engines Ltd and a second account' },
  {
    signsInAt: '/login',
    name: 'ben@example.test',
    why: 'was given access to Analytical Engines Ltd: products and tickets',
  },
  { signsInAt: '/login', name: 'eve@example.test', why: 'owns an account that is closed' },
  { signsInAt: '/login', name: 'noor@example.test', why: 'has a name from right to left' },
  { signsInAt: '/login', name: 'lone@example.test', why: 'can sign in and reaches no account' },
];

/** Makes the cast in an empty installation; zoe, who has no password yet, gets a letter. */
export async function makeCast(ctx: Context, actor: Actor, password: string): Promise<void> {
  const passwordHash = await ctx.passwords.seal(password);
  await ctx.transaction(async (tx) => {
    await makeFirstRoles(tx);
    await addStaff(tx, actor, { username: 'root', role: 'Full Administrator', passwordHash });
    await addStaff(tx, actor, { username: 'sam', role: 'Support Operator', passwordHash });
    const person = (firstName: string, lastName: string, email: string): Promise<number> =>
      addUser(tx, actor, { firstName, lastName, email, passwordHash });

    const ada = await person('Ada', 'Lovelace', 'ada@example.test');
    const engines = await addAccount(tx, actor, ada, { companyName: 'Analytical Engines Ltd' });
    await addAccount(tx, actor, ada, { companyName: 'Note G & Daughters' });
    const ben = await person('Ben', 'Guest', 'ben@example.test');
    const granted: readonly AccessPermission[] = ['products', 'tickets'];
    await addMember(tx, actor, ben, engines, granted);
    const eve = await person('Eve', 'Adams', 'eve@example.test');
    await addAccount(tx, actor, eve, {
      firstName: 'Eve',
      lastName: 'Adams',
      email: 'eve@example.test',
      status: 'Closed',
    });
    const noor = await person('نور الهدى', 'عبد العزيز', 'noor@example.test');
    await addAccount(tx, actor, noor, { firstName: 'نور الهدى', lastName: 'عبد العزيز', email: 'noor@example.test' });
    await person('Lone', 'Ranger', 'lone@example.test');
    const zoe = await addUser(tx, actor, { firstName: 'Zoe', lastName: 'Newcomer', email: 'zoe@example.test' });
    await addAccount(tx, actor, zoe, { firstName: 'Zoe', lastName: 'Newcomer', email: 'zoe@example.test' });
    await sendPasswordLink(tx, actor, zoe, 'welcome');
  });
}

async function addStaff(
  tx: Context,
  actor: Actor,
  given: { readonly username: string; readonly role: string; readonly passwordHash: string },
): Promise<void> {
  const role = (await listRoles(tx)).find((one) => one.name === given.role);
  if (!role) throw new Error(`the role ${given.role} is missing`);
  await addAdministrator(tx, actor, {
    roleId: role.id,
    username: given.username,
    firstName: given.username === 'root' ? 'Robin' : 'Sam',
    lastName: given.username === 'root' ? 'Root' : 'Support',
    email: `${given.username}@staff.example.test`,
    passwordHash: given.passwordHash,
  });
}

async function addAccount(
  tx: Context,
  actor: Actor,
  owner: number,
  given: Partial<ClientProfile> & { readonly status?: ClientStatus },
): Promise<number> {
  const id = await addClient(tx, actor, { ...PROFILE, ...given });
  await addOwner(tx, actor, owner, id);
  return id;
}

const PROFILE: ClientProfile = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  companyName: '',
  email: 'ada@example.test',
  address1: '12 Placeholder Road',
  address2: '',
  city: 'Sampletown',
  state: 'Sampleshire',
  postcode: 'AB12 3CD',
  country: 'GB',
  phoneNumber: '+44.2079460000',
  taxId: '',
};
