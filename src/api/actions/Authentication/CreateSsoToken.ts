// CreateSsoToken: a token that signs a person's browser in, once, within 60 seconds. Whoever calls this has verified the
// person: the token is full authentication of the account.

import { ActionError, action } from '#api/action.ts';
import { integer, scalar } from '#api/dialect/parameters.ts';
import type { WireValues } from '#api/dialect/wire.ts';
import type { SsoRefusal } from '#domain/sso/sso.ts';
import { createSsoToken } from '#domain/sso/sso.ts';

/**
 * client_id or user_id (default: the owner of client_id), destination (default: the home of the client area), service_id,
 * domain_id, sso_redirect_path. Answers access_token and redirect_url. An id of 0 counts as absent.
 */
export default action({
  group: 'Authentication',
  answer: async ({ ctx, caller, values }) => {
    const made = await createSsoToken(ctx, caller.actor, {
      clientId: idOr(values, 'client_id', 'Invalid client_id'),
      userId: idOr(values, 'user_id', 'Invalid user_id'),
      destination: scalar(values, 'destination')?.trim(),
      serviceId: idOr(values, 'service_id', 'Invalid destination'),
      domainId: idOr(values, 'domain_id', 'Invalid destination'),
      redirectPath: scalar(values, 'sso_redirect_path'),
    });
    if ('refused' in made) throw new ActionError(wordsFor(made));
    return { access_token: made.token, redirect_url: made.redirectUrl };
  },
});

function idOr(values: WireValues, name: string, error: string): number | undefined {
  const id = integer(values, name);
  if (id === 'invalid') throw new ActionError(error);
  return id === 0 ? undefined : id;
}

function wordsFor(refusal: SsoRefusal): string {
  switch (refusal.refused) {
    case 'invalid-client':
      return 'Invalid client_id';
    case 'invalid-user':
      return 'Invalid user_id';
    case 'invalid-user-for-client':
      return 'Invalid user_id for client';
    case 'nobody-named':
      return 'A valid client_id or user_id is required';
    case 'invalid-destination':
      return 'Invalid destination';
    case 'blocked':
      return `SSO authentication blocked for client ${refusal.clientId}`;
  }
}
