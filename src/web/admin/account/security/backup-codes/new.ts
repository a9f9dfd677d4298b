// New backup codes of a member of staff: shown, and in use once they are kept. Fields: draft, goto.

import { minutes } from '#kit/duration.ts';
import { drawNewCodes, takeOnCodes } from '#web/backup-factor-pages.ts';
import { OWN_STAFF } from '#web/own-side.ts';
import { page } from '#web/page.ts';

/** Each post costs ten hashes. */
export default page({
  who: { is: 'staff', permission: 'any' },
  stepUp: true,
  limit: { name: 'backup-codes', most: 20, withinMs: minutes(15) },
  get: (visit) => drawNewCodes(visit, OWN_STAFF),
  post: (visit) => takeOnCodes(visit, OWN_STAFF),
});
