// GetClientPassword: refused. It handed out what is stored of a password (behaviours.md 1; deprecated since 8.0).

import { ActionError, action } from '#api/action.ts';

/** Whatever is asked: a stored password leaves for nobody, so no client is looked for either. */
export default action({
  group: 'Client',
  answer: async () => {
    throw new ActionError('Stored passwords are not given out. Use ValidateLogin to check one.');
  },
});
