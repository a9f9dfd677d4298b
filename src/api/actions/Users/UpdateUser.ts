// UpdateUser: changes a person's names, address or language. It cannot set a password.

import { ActionError, action } from '#api/action.ts';
import { languageIn } from '#api/client-parameters.ts';
import { integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import { documented } from '#api/documented.ts';
import { changeUser, findUser } from '#domain/users/users.ts';

const NOT_FOUND = 'Invalid User ID requested';
const TEXTS = {
  'user-not-found': NOT_FOUND,
  'email-invalid': 'The email address entered is not valid',
  'email-missing': 'The email address entered is not valid',
  'email-banned': 'The email address entered is not available for use.',
  'email-taken': 'A user already exists with that email address',
};

/** user_id, and at least one of email, firstname, lastname, language; an empty one counts as absent. Answers user_id. */
export default action({
  group: 'Users',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const id = integer(values, 'user_id');
      if (id === undefined || id === 'invalid' || !(await findUser(ctx, id))) throw new ActionError(NOT_FOUND);
      const change = {
        email: text(values, 'email'),
        firstName: text(values, 'firstname'),
        lastName: text(values, 'lastname'),
        language: languageIn(values),
      };
      if (Object.values(change).every((one) => one === undefined))
        throw new ActionError('One of `email`, `firstname`, `lastname`, or `language` is required');
      await changeUser(ctx, caller.actor, id, change);
      return { user_id: String(id) }; // a text in the documented example
    }),
});

function text(values: WireValues, name: string): string | undefined {
  return scalar(values, name)?.trim() || undefined;
}
