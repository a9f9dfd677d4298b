// Many people at once, for the seed and for importers: their rows in few statements, one line of the log for all of them.

import { insertUsers } from '#domain/users/users.table.ts';
import type { Context } from '#src/context.ts';

/** A person as they come, checked already by whoever brings them. */
export type UserRecord = {
  readonly uuid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly language: string;
  readonly passwordHash: string | undefined;
  readonly emailVerifiedAt: number | undefined;
  readonly createdAt: number;
  readonly lastLoginAt: number | undefined;
};

/**
 * Adds people. Answers their ids in the order given. A taken address or uuid undoes the transaction. Whoever calls writes
 * the line of the log.
 */
export async function addManyUsers(tx: Context, people: readonly UserRecord[]): Promise<number[]> {
  const made = await insertUsers(
    tx,
    people.map((one) => ({
      uuid: one.uuid,
      first_name: one.firstName,
      last_name: one.lastName,
      email: one.email,
      password_hash: one.passwordHash ?? null,
      password_must_change: 0,
      password_changed_at: one.passwordHash ? one.createdAt : null,
      language: one.language,
      email_verified_at: one.emailVerifiedAt ?? null,
      disabled_at: null,
      created_at: one.createdAt,
      updated_at: one.createdAt,
      last_login_at: one.lastLoginAt ?? null,
      last_login_ip: null,
    })),
  );
  return people.map((one) => {
    const id = made.get(one.uuid);
    if (id === undefined) throw new Error('a user was not stored');
    return id;
  });
}
