// GetConfigurationValue: a setting by WHMCS's name of it, from a fixed list without secrets.

import { ActionError, action } from '#api/action.ts';
import { findConfigurationValue } from '#api/configuration-values.ts';
import { scalar } from '#api/dialect/parameters.ts';

/** setting (required). Answers setting and value. Whatever is not on the list is an invalid name. */
export default action({
  group: 'System',
  answer: async ({ ctx, values }) => {
    const name = scalar(values, 'setting');
    if (name === undefined) throw new ActionError('Parameter setting is required');
    const found = findConfigurationValue(name);
    if (!found) throw new ActionError('Invalid name for parameter setting');
    return { setting: found.name, value: await found.read(ctx) };
  },
});
