// doorward settings: what the admin area's settings page shows and changes.

import { asOperator } from '#cli/parts/operator.ts';
import { printable } from '#cli/parts/text.ts';
import { changeSettings, settingTexts } from '#domain/settings/settings.ts';
import { columns, command, group } from '#kit/command-line.ts';
import { invalid, notFound, Problem } from '#kit/problem.ts';
import type { Context } from '#src/context.ts';

const list = command({
  about: 'Lists every setting with its value.',
  run: () =>
    asOperator(async (ctx) => {
      const texts = [...(await settingTexts(ctx))].map(([name, value]) => [name, shown(ctx, name, value)] as const);
      return {
        json: Object.fromEntries(texts),
        words: columns(texts.map(([name, value]) => [name, printable(value.replaceAll('\n', '; ')) || '-'] as const)),
      };
    }),
});

const get = command({
  about: 'Prints the value of one setting.',
  words: { name: { about: 'the name of the setting, as `settings list` shows it' } },
  run: ({ name }) =>
    asOperator(async (ctx) => {
      const value = (await settingTexts(ctx)).get(name);
      if (value === undefined) throw notFound('setting-not-found');
      return { json: { name, value: shown(ctx, name, value) }, words: `${shown(ctx, name, value)}\n` };
    }),
});

const set = command({
  about: 'Changes one setting. A server that runs sees it within a second.',
  words: {
    name: { about: 'the name of the setting, as `settings list` shows it' },
    value: { about: 'its new value; "" is the default of most. Flags are on or off; lists have one entry a line' },
  },
  run: ({ name, value }) =>
    asOperator(async (ctx, actor) => {
      const changed = await changeSettings(ctx, actor, { [name]: value }).catch((error) => {
        throw underValue(error);
      });
      return {
        json: { changed },
        words: changed.length > 0 ? `${name} was changed.\n` : `${name} had this value already.\n`,
      };
    }),
});

export default group('Reads and changes settings.', { list, get, set });

/** A flag that is off is kept as an empty text; here it is called by its name. */
function shown(ctx: Context, name: string, value: string): string {
  return value === '' && ctx.settings.get(name)?.kind.shown === 'flag' ? 'off' : value;
}

/** The fault of a setting stands under its name; here it is the value that was typed. */
function underValue(error: unknown): unknown {
  const [code] = error instanceof Problem && error.kind === 'invalid' ? Object.values(error.fields) : [];
  return code === undefined ? error : invalid({ value: code });
}
