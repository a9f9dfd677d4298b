// Every setting has its words and its place, so that a new one cannot appear on the form as a bare name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSettings } from '#src/context.ts';
import { isKey } from '#src/locales/words.ts';
import { OWN_PAGES, SETTING_AREAS, sectionsOf } from '#web/setting-sections.ts';

const settings = await findSettings();
const shown = [...settings.values()].filter((one) => !one.hidden);

test('every setting has a label and a help, every unit and option its word', () => {
  assert.ok(shown.length > 20);
  const wanted = shown.flatMap(({ name, kind }) => [
    `settings.${name}.label`,
    `settings.${name}.help`,
    ...(kind.unit ? [`settings.unit.${kind.unit}`] : []),
    ...(kind.options ?? []).map((option) => `settings.${name}.option.${option}`),
  ]);
  const areas = SETTING_AREAS.map((area) => `settings.area.${area}`);
  assert.deepEqual(
    [...wanted, ...areas].filter((key) => !isKey(key)),
    [],
  );
});

test('every setting stands on one page: under one heading of its area, or on a page of its own', () => {
  const placed = SETTING_AREAS.flatMap((area) =>
    sectionsOf(settings, area).flatMap((section) => {
      assert.ok(isKey(`admin.settings.section.${section.name}`), section.name);
      return section.settings.map((one) => one.name);
    }),
  );
  assert.deepEqual([...placed, ...Object.keys(OWN_PAGES)].sort(), shown.map((one) => one.name).sort());
});
