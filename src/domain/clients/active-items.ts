// What makes an account one in use: services, addons, domains. Topics below keep them, and each answers for its own by a
// `*.active-items.ts`; as long as none does, nobody knows, and nothing follows from it.

import type { Context } from '#src/context.ts';

/** What such a file exports by default. */
export type ActiveItems = {
  readonly name: string;
  /** Which of these clients have anything active: a service that is active or suspended, a domain that is active or being transferred. */
  readonly clientsWithActive: (ctx: Context, clientIds: readonly number[]) => Promise<ReadonlySet<number>>;
};
