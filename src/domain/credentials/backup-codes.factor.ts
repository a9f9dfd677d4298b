// Backup codes as a factor: one in place of the factor that is lost, and never a reason to be asked for one.

import { countBackupCodes, deleteBackupCodes } from '#domain/credentials/backup-codes.table.ts';
import { BACKUP_CODE, spendingOfBackupCode } from '#domain/credentials/backup-codes.ts';
import type { Factor } from '#domain/credentials/factor.ts';

const factor: Factor = {
  name: BACKUP_CODE,
  strength: 0,
  asks: 'code',
  isSpare: true,
  keptIn: 'backup_codes',
  isSetUp: async (ctx, holder) => (await countBackupCodes(ctx, holder)).left > 0,
  isOffered: async () => false, // they come with a factor and never by themselves
  check: (ctx, holder, { text }) => spendingOfBackupCode(ctx, holder, text),
  takeAway: deleteBackupCodes,
};

export default factor;
