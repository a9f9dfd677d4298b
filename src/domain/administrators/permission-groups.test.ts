// The groups hold what roles can hold: nothing is missing on the page of a role, nothing is there twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERMISSION_GROUPS } from '#domain/administrators/permission-groups.ts';
import { PERMISSIONS } from '#domain/administrators/permissions.ts';

test('every permission stands in exactly one group', () => {
  const grouped = PERMISSION_GROUPS.flatMap((group) => group.permissions);
  assert.deepEqual([...grouped].sort(), [...PERMISSIONS].sort());
});
