// Fills an installation with made-up people: each account has an owner, some people own several, some are given access to
// others' accounts, some have none. No letters, one hash for all, many rows in a statement.

import type { MemberRecord } from '#domain/access/many-members.ts';
import { addManyMembers } from '#domain/access/many-members.ts';
import type { Actor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { addManyClients } from '#domain/clients/many-clients.ts';
import { chanceOf } from '#domain/seed/chance.ts';
import type { MadeUpPerson } from '#domain/seed/made-up.ts';
import { madeUpAccount, madeUpPermissions, madeUpPerson } from '#domain/seed/made-up.ts';
import { hasRealPeople, highestIds } from '#domain/seed/present.view.ts';
import { addManyUsers } from '#domain/users/many-users.ts';
import { expectManyRows, settleManyRows, withIndexesAfterwards } from '#kit/database/many-rows.ts';
import { conflict } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

/** What is wanted. */
export type SeedWish = {
  readonly clients: number;
  readonly users: number;
  /** The same seed in the same state of the database gives the same people. */
  readonly randomSeed: string;
  readonly passwordHash: string;
  /** Goes on even where people are who were not made up. */
  readonly amongRealPeople: boolean;
};

/** How far making has come: the share of all that is done, from 0 to 1, and what is being made. */
export type SeedProgress = { readonly share: number; readonly at: 'people' | 'indexes' };

/** What was made. */
export type Seeded = { readonly clients: number; readonly users: number; readonly memberships: number };

const PORTION = 5000;
// From so many rows on, in an empty database, the indexes are made afterwards.
const INDEXES_AFTERWARDS = 20_000;
const TABLES = ['users', 'clients', 'members'];
// So much of the time the rows take; the rest is for the indexes.
const PEOPLE_SHARE = 0.75;
const OWN_SEVERAL = 0.04;
const OWNERS_WITH_GUEST_ACCESS = 0.1;
const WITHOUT_ANY = 0.05;

/**
 * Makes the people. Interrupted, what stays is whole: up to a portion, or nothing where many went into an empty database.
 * `progress` hears how far it has come. Throws conflict `seed-real-people`, or `seed-needs-users`.
 */
export async function seedPeople(
  ctx: Context,
  actor: Actor,
  wish: SeedWish,
  progress: (how: SeedProgress) => void = () => {},
): Promise<Seeded> {
  if (wish.clients > 0 && wish.users === 0) throw conflict('seed-needs-users');
  if (!wish.amongRealPeople && (await hasRealPeople(ctx))) throw conflict('seed-real-people');
  const start = await highestIds(ctx);
  const crowd: Crowd = { wish, start, now: ctx.now(), userIds: [], clientIds: [], owners: [] };
  await ctx.transaction((tx) => expectManyRows(tx.db, tx.dialect));
  const many = wish.clients + wish.users >= INDEXES_AFTERWARDS && start.user === 0 && start.client === 0;
  const memberships = await (many
    ? ctx.transaction((tx) => loadAtOnce(tx, crowd, progress))
    : addAll(ctx, crowd, (share) => progress({ share, at: 'people' })));
  if (many) await settleManyRows(ctx, TABLES);
  const made = { clients: crowd.clientIds.length, users: crowd.userIds.length, memberships };
  await audit(ctx, actor, {
    event: 'seed.people_made',
    description: `${made.users} users and ${made.clients} clients were made up`,
    details: made,
  });
  return made;
}

/** All in one transaction, the indexes made when all are there. */
async function loadAtOnce(tx: Context, crowd: Crowd, progress: (how: SeedProgress) => void): Promise<number> {
  const indexes = 1 - PEOPLE_SHARE;
  return withIndexesAfterwards(
    tx,
    TABLES,
    () => addAll(tx, crowd, (share) => progress({ share: PEOPLE_SHARE * share, at: 'people' })),
    (done, of) => progress({ share: PEOPLE_SHARE + indexes * (done / of), at: 'indexes' }),
  );
}

/** Adds portion by portion, each in a transaction of its own or in the caller's. Answers how many memberships. */
async function addAll(ctx: Context, crowd: Crowd, progress: (share: number) => void): Promise<number> {
  const { clients, users } = crowd.wish;
  let memberships = 0;
  // The next portion's people are made up and stored beside this one's accounts: PostgreSQL is at work meanwhile.
  await addPeople(ctx, crowd, 0);
  for (let from = 0; from < Math.max(users, clients); from += PORTION) {
    const [added] = await Promise.all([addAccounts(ctx, crowd, from), addPeople(ctx, crowd, from + PORTION)]);
    memberships += added;
    progress((crowd.userIds.length + crowd.clientIds.length) / (users + clients));
  }
  return memberships;
}

/** What was made so far, by its place in the order of making: a portion that is tried again writes over itself. */
type Crowd = {
  readonly wish: SeedWish;
  readonly start: { readonly user: number; readonly client: number };
  readonly now: number;
  readonly userIds: number[];
  readonly clientIds: number[];
  /** For each account the place of its owner. */
  readonly owners: number[];
};

async function addPeople(ctx: Context, crowd: Crowd, from: number): Promise<void> {
  const { wish } = crowd;
  const people = places(from, wish.users).map((place) => personAt(crowd, place));
  const records = people.map((one) => ({
    ...one,
    language: '',
    passwordHash: wish.passwordHash,
    emailVerifiedAt: one.verified ? one.createdAt : undefined,
  }));
  const ids = await ctx.transaction((tx) => addManyUsers(tx, records));
  for (const [at, id] of ids.entries()) crowd.userIds[from + at] = id;
}

/** The accounts of a portion, their owners, and the accounts that its people were let into. Answers how many memberships. */
async function addAccounts(ctx: Context, crowd: Crowd, from: number): Promise<number> {
  const { wish, start, now } = crowd;
  const accounts = places(from, wish.clients).map((place) => {
    const owner = ownerOf(wish, place);
    crowd.owners[place] = owner;
    return madeUpAccount(wish.randomSeed, start.client + place + 1, now, personAt(crowd, owner));
  });
  return ctx.transaction(async (tx) => {
    const ids = await addManyClients(tx, accounts);
    for (const [at, id] of ids.entries()) crowd.clientIds[from + at] = id;
    const members = [
      ...ids.map((_, at) => ownership(crowd, from + at)),
      ...places(from, wish.users).flatMap((place) => guestAccess(crowd, place)),
    ];
    await addManyMembers(tx, members);
    return members.length;
  });
}

/** The places of the portion that starts at `from`, of `end` in all. */
function places(from: number, end: number): number[] {
  return Array.from({ length: Math.max(0, Math.min(PORTION, end - from)) }, (_, at) => from + at);
}

function personAt({ wish, start, now }: Crowd, place: number): MadeUpPerson {
  return madeUpPerson(wish.randomSeed, start.user + place + 1, now);
}

/** Most own the account of their own place; some own an earlier person's too, and where accounts are more, all own several. */
function ownerOf(wish: SeedWish, place: number): number {
  if (place >= wish.users) return place % wish.users;
  const chance = chanceOf(wish.randomSeed, 'owner', place);
  return place > 0 && chance.happens(OWN_SEVERAL) ? chance.number(place) : place;
}

function ownership({ userIds, clientIds, owners, now }: Crowd, place: number): MemberRecord {
  const userId = userIds[owners[place] ?? 0] ?? 0;
  return { clientId: clientIds[place] ?? 0, userId, isOwner: true, permissions: [], createdAt: now };
}

/** The accounts of others that a person was let into. */
function guestAccess({ wish, userIds, clientIds, owners, now }: Crowd, place: number): MemberRecord[] {
  const chance = chanceOf(wish.randomSeed, 'guest', place);
  const share = place < wish.clients ? OWNERS_WITH_GUEST_ACCESS : 1 - WITHOUT_ANY;
  if (clientIds.length === 0 || !chance.happens(share)) return [];
  const wanted = Array.from({ length: chance.happens(0.3) ? 2 : 1 }, () => chance.number(clientIds.length));
  return [...new Set(wanted)]
    .filter((account) => owners[account] !== place)
    .map((account) => ({
      clientId: clientIds[account] ?? 0,
      userId: userIds[place] ?? 0,
      isOwner: false,
      permissions: madeUpPermissions(chance),
      createdAt: now,
    }));
}
