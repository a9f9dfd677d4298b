// The second step of a staff's sign-in, for somebody who lost their second factor: a backup code. No session exists yet.

import { BACKUP_CODE } from '#domain/credentials/backup-codes.ts';
import { drawBackupCode, offerTyped } from '#web/login-factor-pages.ts';
import { page } from '#web/page.ts';
import { STAFF } from '#web/sign-in.ts';

/** Fields: code, goto. Five tries, ten minutes (domain/login); then the sign-in starts again. */
export default page({
  who: { is: 'anyone' },
  get: (visit) => drawBackupCode(visit, STAFF),
  post: (visit) => offerTyped(visit, STAFF, BACKUP_CODE),
});
