// GetUsers: the list of people.

import { action } from '#api/action.ts';
import { wireInstant } from '#api/dialect/instants.ts';
import { isDescending, partOf } from '#api/dialect/paging.ts';
import { scalar } from '#api/dialect/parameters.ts';
import { membershipsOf } from '#domain/access/members.ts';
import { runs } from '#domain/access/terms.ts';
import { sliceOfUsers } from '#domain/users/user-slice.ts';

/**
 * limitstart (0), limitnum (25, at most 10000), sorting by id (ASC), search: what e-mail, first, last or full name starts
 * with. Answers totalresults (see GetClients), startnumber, numreturned and users, a plain list.
 */
export default action({
  group: 'Users',
  answer: async ({ ctx, values }) => {
    const { start, size } = partOf(values);
    const { users, total } = await sliceOfUsers(
      ctx,
      { startsWith: scalar(values, 'search') },
      { skip: start, limit: size, descending: isDescending(values) },
    );
    const memberships = await membershipsOf(
      ctx,
      users.map((user) => user.id),
    );
    const lines = users.map((user) => ({
      id: user.id,
      firstname: user.firstName,
      lastname: user.lastName,
      email: user.email,
      datecreated: wireInstant(user.createdAt),
      validationdata: '',
      clients: (memberships.get(user.id) ?? [])
        .filter((one) => runs(one, ctx.now()))
        .map((one) => ({ id: one.clientId, isOwner: one.isOwner })),
    }));
    return { totalresults: total, startnumber: start, numreturned: lines.length, users: lines };
  },
});
