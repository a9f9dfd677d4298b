// EncryptPassword: seals a text of a program with a key that nothing else uses.

import { ActionError, action } from '#api/action.ts';
import { scalar } from '#api/dialect/parameters.ts';
import { PROGRAMS_TEXT } from '#api/programs-text.ts';

/** password2 (required). Answers password: the sealed text, different at every call. */
export default action({
  group: 'System',
  answer: async ({ ctx, values }) => {
    const text = scalar(values, 'password2');
    if (text === undefined) throw new ActionError('Parameter password2 is required');
    return { password: ctx.seal.seal(PROGRAMS_TEXT, text) };
  },
});
