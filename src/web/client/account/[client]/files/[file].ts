// Saves one file. One for staff alone is not there.

import { bytesOf, shownFileOf } from '#domain/files/files.ts';
import { handOut, page } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'account', permission: 'profile' },
  get: async (visit) => {
    const { ctx, account } = visit;
    const file = await shownFileOf(ctx, account.client.id, idInPath(visit, 'file', 'file-not-found'));
    return handOut({ name: file.name, type: file.servedAs, size: file.size, bytes: bytesOf(ctx, file) });
  },
});
