// What becomes of registrations: an account, a letter to whoever has the address already, or a place in the queue of staff.
// Each is taken by one process and decided in one transaction, so of fifty with one address one makes an account.

import type { Actor } from '#domain/audit/actor.ts';
import { strangerActor, systemActor } from '#domain/audit/actor.ts';
import { audit } from '#domain/audit/audit.ts';
import { listCurrencies } from '#domain/clients/currencies.ts';
import { countUse } from '#domain/guard/limits.ts';
import { linkRegistered } from '#domain/login/federation/linked-accounts.ts';
import { queueLetter } from '#domain/mail/outbox.ts';
import { companyName } from '#domain/settings/general.settings.ts';
import { publicLink } from '#domain/settings/public-url.ts';
import { settingOf } from '#domain/settings/settings.ts';
import { addClientWithOwner } from '#domain/signup/new-client.ts';
import type { RegistrationLetter } from '#domain/signup/registration.mail.ts';
import {
  addressTakenLetter,
  registrationRefusedLetter,
  registrationWaitsLetter,
} from '#domain/signup/registration.mail.ts';
import { registrationWaitDays } from '#domain/signup/registration.settings.ts';
import type { SealedRegistration } from '#domain/signup/registration-sealed.ts';
import { openRegistration } from '#domain/signup/registration-sealed.ts';
import type { RegistrationRow } from '#domain/signup/registrations.table.ts';
import {
  countWaiting,
  findWaiting,
  leaseRegistration,
  letWait,
  someoneWaits,
  sweepRegistrations,
  takeRegistration,
  waitingRows,
} from '#domain/signup/registrations.table.ts';
import { clientRegistered } from '#domain/signup/signup.events.ts';
import { findUserByEmail, isAddressFree, nameOf, userOf } from '#domain/users/users.ts';
import { days, minutes } from '#kit/duration.ts';
import type { KeysetPage, KeysetPlace } from '#kit/keyset.ts';
import { keysetPage } from '#kit/keyset.ts';
import { later } from '#kit/later.ts';
import type { CappedCount } from '#kit/listing-counts.ts';
import { COUNT_CAP } from '#kit/listing-counts.ts';
import { notFound, Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

const LEASE_MS = minutes(2);
/** What cannot be decided after so many tries is shown to staff. */
const MOST_TRIES = 5;
/** How often an address is written to about registrations, however many there are. */
const LETTERS = { name: 'registration-letter', most: 1, withinMs: days(1) };

/** Looks after what came in, once whoever sent it has their answer. What fails is taken up by the job. */
export function settleSoon(ctx: Context): void {
  later(
    () => settleRegistrations(ctx),
    (error) => ctx.log.error({ err: error }, 'registrations could not be settled'),
  );
}

/** Decides every registration that came in. */
export async function settleRegistrations(ctx: Context): Promise<void> {
  for (let row = await leaseRegistration(ctx, LEASE_MS); row; row = await leaseRegistration(ctx, LEASE_MS)) {
    const { id, tries } = row;
    await settle(ctx, row).catch(async (error: unknown) => {
      ctx.log.error({ err: error, registration: id }, 'a registration could not be settled');
      if (tries >= MOST_TRIES) await letWait(ctx, id, ctx.now() + days(await settingOf(ctx, registrationWaitDays)));
    });
  }
}

/** Throws away what waited for too long. */
export async function expireRegistrations(ctx: Context): Promise<void> {
  const gone = await sweepRegistrations(ctx);
  if (gone === 0) return;
  await audit(ctx, systemActor(), {
    event: 'registration.expired',
    description: `${gone} registrations waited for too long and were thrown away`,
    details: { gone },
  });
}

/** A registration that waits for staff. */
export type WaitingRegistration = {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly userId: number | undefined;
  readonly ip: string;
  readonly createdAt: number;
  readonly expiresAt: number;
};

/** A page of those that wait, the oldest first. */
export async function pageOfRegistrations(
  ctx: Context,
  place: KeysetPlace,
  size: number,
): Promise<KeysetPage<WaitingRegistration>> {
  const read = (await waitingRows(ctx, { ...place, limit: size + 1 })).map(waitingFrom);
  return keysetPage(place.before === undefined ? read : read.reverse(), size, place);
}

/** How many wait, counted up to COUNT_CAP. */
export async function countRegistrations(ctx: Context): Promise<CappedCount> {
  const count = await countWaiting(ctx, COUNT_CAP + 1);
  return { count: Math.min(count, COUNT_CAP), exact: count <= COUNT_CAP };
}

/** One that waits, with what was typed but for the password. Throws not-found. */
export async function registrationOf(
  ctx: Context,
  id: number,
): Promise<WaitingRegistration & { readonly typed: Omit<SealedRegistration, 'passwordHash'> }> {
  const row = await findWaiting(ctx, id);
  if (!row) throw notFound('registration-not-found');
  const { passwordHash: _never, ...typed } = openRegistration(ctx, row);
  return { ...waitingFrom(row), typed };
}

/** Staff open the account. Throws not-found, or conflict `email-taken`: then it goes on waiting. */
export async function approveRegistration(
  ctx: Context,
  actor: Actor,
  id: number,
): Promise<{ clientId: number; ownerId: number }> {
  return ctx.transaction(async (tx) => {
    const row = await takeRegistration(tx, id, 'waiting');
    if (!row) throw notFound('registration-not-found');
    await audit(tx, actor, {
      event: 'registration.approved',
      description: `The registration of ${row.email} was approved`,
    });
    return makeAccount(tx, actor, row, openRegistration(tx, row));
  });
}

/** Staff refuse it; the letter says no more than that. Throws not-found. */
export async function refuseRegistration(ctx: Context, actor: Actor, id: number): Promise<void> {
  await ctx.transaction(async (tx) => {
    const row = await takeRegistration(tx, id, 'waiting');
    if (!row) throw notFound('registration-not-found');
    await audit(tx, actor, {
      event: 'registration.refused',
      description: `The registration of ${row.email} was refused`,
    });
    await queueLetter(tx, registrationRefusedLetter(await letterTo(tx, row, openRegistration(tx, row))));
  });
}

async function settle(ctx: Context, row: RegistrationRow): Promise<void> {
  const registration = openRegistration(ctx, row);
  if (registration.approval) return queueForStaff(ctx, row, registration);
  try {
    await ctx.transaction(async (tx) => {
      if (!(await takeRegistration(tx, row.id, 'received'))) return; // another process was quicker
      await makeAccount(tx, strangerActor(row.ip), row, registration);
    });
  } catch (error) {
    if (!isTaken(error)) throw error;
    await tellOwner(ctx, row);
  }
}

/** Of two that made it past each other's look the unique key lets one through. */
function isTaken(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'email-taken' || error.fields['email'] === 'email-taken');
}

async function makeAccount(
  tx: Context,
  actor: Actor,
  row: RegistrationRow,
  registration: SealedRegistration,
): Promise<{ clientId: number; ownerId: number }> {
  const { profile, language, marketingOptIn, passwordHash, terms, identity } = registration;
  // Removed while it waited: the default one.
  const currencyId = (await listCurrencies(tx)).find((one) => one.id === registration.currencyId)?.id;
  const made = await addClientWithOwner(tx, actor, {
    profile: { ...profile, language, marketingOptIn, ...(currencyId === undefined ? {} : { currencyId }) },
    owner:
      row.user_id === null
        ? { kind: 'sealed', passwordHash: passwordHash ?? '' }
        : { kind: 'existing', userId: row.user_id },
    fields: { typed: new Map(registration.fields), filling: { audience: 'newcomer', lenient: true } },
    welcome: true,
    lenient: true, // the form was checked when it came in
    accepted: true, // likewise
    proves: async (inner, ownerId) =>
      row.user_id === null && identity !== undefined && linkRegistered(inner, actor, ownerId, identity),
    signupIp: row.ip,
  });
  await audit(tx, actor, {
    event: 'client.registered',
    description: `${row.email} registered`,
    clientId: made.clientId,
    userId: made.ownerId,
    details: { ip: row.ip, terms },
  });
  await tx.bus.announce(tx, clientRegistered, { userId: made.ownerId, clientId: made.clientId });
  return made;
}

/** Whoever has the address is told, at most once a day; nothing else happens. */
async function tellOwner(ctx: Context, row: RegistrationRow): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await takeRegistration(tx, row.id, 'received')) || !(await mayWrite(tx, row))) return;
    const user = await findUserByEmail(tx, row.email);
    const about = await letterTo(tx, row, openRegistration(tx, row));
    const to = user && { address: user.email, name: nameOf(user), language: user.language };
    await queueLetter(
      tx,
      addressTakenLetter({
        ...about,
        ...(to ? { to, userId: user.id } : {}),
        loginUrl: await publicLink(tx, '/login'),
        resetUrl: await publicLink(tx, '/password/reset'),
      }),
    );
    await audit(tx, strangerActor(row.ip), {
      event: 'registration.address_taken',
      description: 'Somebody registered with the address of a user, who was told',
      userId: user?.id,
    });
  });
}

async function queueForStaff(ctx: Context, row: RegistrationRow, registration: SealedRegistration): Promise<void> {
  if (row.user_id === null && !(await isAddressFree(ctx, row.email))) return tellOwner(ctx, row);
  const until = ctx.now() + days(await settingOf(ctx, registrationWaitDays));
  await ctx.transaction(async (tx) => {
    if (row.user_id === null && (await someoneWaits(tx, row.email_key))) {
      await takeRegistration(tx, row.id, 'received'); // the first of one address is enough to decide on
      return;
    }
    if (!(await letWait(tx, row.id, until)) || !(await mayWrite(tx, row))) return;
    await queueLetter(tx, registrationWaitsLetter(await letterTo(tx, row, registration)));
  });
}

async function mayWrite(tx: Context, row: RegistrationRow): Promise<boolean> {
  return (await countUse(tx, LETTERS, row.email_key)) <= LETTERS.most;
}

async function letterTo(
  tx: Context,
  row: RegistrationRow,
  { profile, language }: SealedRegistration,
): Promise<RegistrationLetter> {
  const common = { company: await settingOf(tx, companyName), expiresAt: tx.now() + days(7) };
  if (row.user_id === null) return { ...common, to: { address: row.email, name: nameOf(profile), language } };
  const user = await userOf(tx, row.user_id);
  return { ...common, to: { address: user.email, name: nameOf(user), language: user.language }, userId: user.id };
}

function waitingFrom(row: RegistrationRow): WaitingRegistration {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    userId: row.user_id ?? undefined,
    ip: row.ip,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
