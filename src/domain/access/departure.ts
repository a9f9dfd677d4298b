// What the end of a client account means for its people, in numbers, before anybody decides.

import { membershipsOf, peopleOf } from '#domain/access/members.ts';
import type { Context } from '#src/context.ts';

/** How many people belong to a client, and how many of them to no other. */
export type Departure = { readonly people: number; readonly leftWithout: number };

/** Counts the people of a client, and those who would be left without any when it goes. */
export async function departureOf(ctx: Context, clientId: number): Promise<Departure> {
  const people = await peopleOf(ctx, clientId);
  const memberships = await membershipsOf(
    ctx,
    people.map(({ user }) => user.id),
  );
  const alone = [...memberships.values()].filter((all) => all.length === 1);
  return { people: people.length, leftWithout: alone.length };
}
