// DecryptPassword: opens what EncryptPassword sealed, and nothing else that Doorward keeps.

import { ActionError, action } from '#api/action.ts';
import { scalar } from '#api/dialect/parameters.ts';
import { PROGRAMS_TEXT } from '#api/programs-text.ts';

/** password2 (required): a sealed text. Answers password: the text. One that was not sealed here is an error. */
export default action({
  group: 'System',
  answer: async ({ ctx, values }) => {
    const sealed = scalar(values, 'password2')?.trim();
    if (sealed === undefined) throw new ActionError('Parameter password2 is required');
    const text = ctx.seal.open(PROGRAMS_TEXT, sealed);
    if (text === undefined) throw new ActionError('This was not made by EncryptPassword of this installation');
    return { password: text };
  },
});
