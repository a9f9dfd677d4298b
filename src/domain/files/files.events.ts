// What files announce, as WHMCS's hook AdminClientFileUpload does.

import { defineEvent } from '#kit/events.ts';

/** Staff uploaded a file to a client. */
export const fileUploaded = defineEvent<{
  readonly clientId: number;
  readonly fileId: number;
  readonly adminOnly: boolean;
}>('client.file.uploaded', ({ clientId, fileId, adminOnly }) => ({
  client_id: clientId,
  file_id: fileId,
  admin_only: adminOnly,
}));
