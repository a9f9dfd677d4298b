// What may be uploaded to a client.

import { FILE_TYPE_NAMES } from '#domain/files/file-types.ts';
import type { Setting } from '#domain/settings/setting.ts';
import { choices, wholeNumber } from '#domain/settings/setting.ts';

/** The largest file, in MiB. More than 10 does not belong in the database. */
export const fileSizeLimit: Setting<number> = {
  name: 'file-size-limit',
  area: 'people',
  kind: wholeNumber(1, 10, 'MiB'),
  fallback: 10,
};

/** The kinds of files that are taken. */
export const fileTypes: Setting<readonly string[]> = {
  name: 'file-types',
  area: 'people',
  kind: choices(FILE_TYPE_NAMES),
  fallback: FILE_TYPE_NAMES.filter((one) => one !== 'zip'),
};
