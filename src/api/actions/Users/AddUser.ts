// AddUser: a person without any client account.

import { ActionError, action } from '#api/action.ts';
import { languageIn } from '#api/client-parameters.ts';
import { scalar } from '#api/dialect/parameters.ts';
import { documented } from '#api/documented.ts';
import { addUserWithPassword } from '#domain/signup/new-user.ts';

const TEXTS = {
  'first-name-missing': 'You did not enter a first name',
  'last-name-missing': 'You did not enter a last name',
  'email-missing': 'You did not enter an email address',
  'password-missing': 'You did not enter a password',
  'email-invalid': 'The email address entered is not valid',
  'email-banned': 'The email address entered is not available for use.',
  'email-taken': 'A user already exists with that email address',
};

/** firstname, lastname, email, password2, language. No letter is sent. Answers user_id. */
export default action({
  group: 'Users',
  answer: ({ ctx, caller, values }) =>
    documented(TEXTS, async () => {
      const given = {
        firstName: (scalar(values, 'firstname') ?? '').trim(),
        lastName: (scalar(values, 'lastname') ?? '').trim(),
        email: (scalar(values, 'email') ?? '').trim(),
        password: scalar(values, 'password2') ?? '',
        language: languageIn(values),
      };
      // In the documented order: what is missing, before what is wrong.
      if (given.firstName === '') throw new ActionError(TEXTS['first-name-missing']);
      if (given.lastName === '') throw new ActionError(TEXTS['last-name-missing']);
      if (given.email === '') throw new ActionError(TEXTS['email-missing']);
      if (given.password === '') throw new ActionError(TEXTS['password-missing']);
      const id = await addUserWithPassword(ctx, caller.actor, { ...given, lenientPassword: true });
      return { user_id: String(id) }; // a text in the documented example
    }),
});
