// SetConfigurationValue: changes a setting by WHMCS's name of it. For this process alone: over the wire a leaked
// credential could otherwise move the address that every link points to.

import { ActionError, action } from '#api/action.ts';
import { findConfigurationValue } from '#api/configuration-values.ts';
import { present, scalar } from '#api/dialect/parameters.ts';
import { publicUrl } from '#domain/settings/general.settings.ts';
import { changeSettings } from '#domain/settings/settings.ts';

/**
 * setting and value, both required; an empty value is one. Answers value_changed. A value that does not fit is refused by
 * the same sentence as on the settings page.
 */
export default action({
  group: 'System',
  localOnly: true,
  answer: async ({ ctx, caller, values }) => {
    const name = scalar(values, 'setting');
    if (name === undefined) throw new ActionError('Parameter setting is required');
    const setting = findConfigurationValue(name)?.setting;
    if (setting === undefined) throw new ActionError('Invalid name for parameter setting');
    if (!present(values, 'value')) throw new ActionError('Parameter value is required');
    if (setting === publicUrl.name && ctx.config.publicUrl !== undefined)
      throw new ActionError('SystemURL is decided by DOORWARD_URL on this installation');
    const changed = await changeSettings(ctx, caller.actor, { [setting]: scalar(values, 'value') ?? '' });
    return { value_changed: changed.length > 0 };
  },
});
