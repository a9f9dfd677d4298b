// GetAdminUsers: the administrators, without anything secret.

import { ActionError, action } from '#api/action.ts';
import { wireInstant } from '#api/dialect/instants.ts';
import type { AnswerMap } from '#api/dialect/out.ts';
import { flag, integer, scalar } from '#api/dialect/parameters.ts';
import type { Administrator } from '#domain/administrators/administrators.ts';
import { listAdministrators } from '#domain/administrators/administrators.ts';
import { DUO } from '#domain/credentials/duo.ts';
import { firstFactors } from '#domain/credentials/factors.ts';
import { md5Hex } from '#kit/secret.ts';
import { comparable } from '#kit/text.ts';
import { languageOf } from '#src/locales/words.ts';

/** WHMCS's names of the factors that have one there; passkeys, which have none, go by their own. */
const MODULES: Readonly<Record<string, string>> = { [DUO]: 'duosecurity' };

/**
 * roleid (0 and none: every role), email (a part of it), include_disabled (default: no). Answers count and admin_users;
 * twoFactorAuthModule is the second factor that they are asked for first.
 */
export default action({
  group: 'System',
  answer: async ({ ctx, values }) => {
    const roleId = integer(values, 'roleid');
    if (roleId === 'invalid') throw new ActionError('Invalid roleid');
    const email = comparable(scalar(values, 'email') ?? '');
    const found = (await listAdministrators(ctx, flag(values, 'include_disabled') ?? false))
      .filter((one) => !roleId || one.role.id === roleId)
      .filter((one) => comparable(one.email).includes(email));
    const ids = found.map((one) => one.id);
    const factors = await firstFactors(ctx, 'administrator', ids);
    return { count: found.length, admin_users: found.map((one) => shown(one, factors.get(one.id) ?? '')) };
  },
});

// Fields that name things which are not here (ticket departments, widgets) keep their documented shape, empty.
function shown(administrator: Administrator, factor: string): AnswerMap {
  return {
    id: administrator.id,
    uuid: administrator.uuid,
    roleId: administrator.role.id,
    username: administrator.username,
    twoFactorAuthModule: MODULES[factor] ?? factor,
    firstname: administrator.firstName,
    lastname: administrator.lastName,
    email: administrator.email,
    signature: administrator.signature,
    notes: administrator.notes,
    template: '',
    language: languageOf(administrator.language).wire,
    isDisabled: administrator.disabledAt === undefined ? 0 : 1,
    loginAttempts: 0,
    supportDepartmentIds: [],
    receivesTicketNotifications: [],
    homepageWidgetsConfig: '',
    hiddenHomepageWidgets: '',
    created_at: wireInstant(administrator.createdAt),
    updated_at: wireInstant(administrator.updatedAt),
    fullName: `${administrator.firstName} ${administrator.lastName}`,
    gravatarHash: md5Hex(comparable(administrator.email)),
  };
}
