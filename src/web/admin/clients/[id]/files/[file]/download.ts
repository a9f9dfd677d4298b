// Saves one file of a client.

import { clientOf } from '#domain/clients/clients.ts';
import { bytesOf, fileOf } from '#domain/files/files.ts';
import { handOut, page } from '#web/page.ts';
import { idInPath } from '#web/staff.ts';

export default page({
  who: { is: 'staff', permission: 'Manage Clients Files' },
  get: async (visit) => {
    const client = await clientOf(visit.ctx, idInPath(visit, 'id', 'client-not-found'));
    const file = await fileOf(visit.ctx, client.id, idInPath(visit, 'file', 'file-not-found'));
    return handOut({ name: file.name, type: file.servedAs, size: file.size, bytes: bytesOf(visit.ctx, file) });
  },
});
