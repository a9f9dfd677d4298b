// Who calls over the wire: the credential that a request shows, and what a refusal of it says. All failures of one kind of
// pair read the same, whether the identifier exists, the secret was wrong, or the credential has ended.

import type { Caller } from '#api/action.ts';
import type { Answered } from '#api/call.ts';
import { refused } from '#api/call.ts';
import { emptyMap, type WireValue, type WireValues } from '#api/dialect/wire.ts';
import type { ApiRefusal } from '#domain/administrators/api-access.ts';
import type { ProvenCredential } from '#domain/administrators/api-credentials.ts';

/** What a request shows of itself. `pair`: which two fields the credential came in, if both were filled. */
export type Shown = {
  readonly pair: 'identifier' | 'username' | undefined;
  readonly identifier: string | undefined;
  readonly secret: string | undefined;
  readonly accessKey: string | undefined;
};

/**
 * The credential of a request. Empty fields count as absent, since many clients send all of them; a list counts as absent
 * too. The first complete pair decides: identifier and secret before username and password.
 */
export function shownBy(values: WireValues): Shown {
  const accessKey = word(values, 'accesskey');
  const [identifier, secret] = [word(values, 'identifier'), word(values, 'secret')];
  if (identifier !== undefined && secret !== undefined) return { pair: 'identifier', identifier, secret, accessKey };
  const [username, password] = [word(values, 'username'), word(values, 'password')];
  if (username !== undefined && password !== undefined)
    return { pair: 'username', identifier: username, secret: password, accessKey };
  return { pair: undefined, identifier: undefined, secret: undefined, accessKey };
}

const DOOR_FIELDS = ['identifier', 'secret', 'username', 'password', 'accesskey', 'action', 'responsetype'];

/** The values that are the action's: no action can store or print a credential that it never sees. */
export function valuesForAction(values: WireValues): WireValues {
  const kept = emptyMap<WireValue>();
  for (const [name, value] of Object.entries(values)) if (!DOOR_FIELDS.includes(name)) kept[name] = value;
  return kept;
}

/** The caller behind a proven credential. */
export function callerBy({ credential, administrator }: ProvenCredential, ip: string): Caller {
  return {
    administrator,
    actor: {
      kind: 'administrator',
      administratorId: administrator.id,
      name: administrator.username,
      ip,
      credentialId: credential.id,
    },
    credentialId: credential.id,
    local: false,
    visitor: undefined,
  };
}

/** A refusal in the words that clients know. */
export function refusalAnswer(shown: Shown, refusal: ApiRefusal, ip: string): Answered {
  switch (refusal.refused) {
    case 'address':
      return refusedAddress(ip);
    case 'credential':
      return refused(403, credentialWords(shown));
    case 'disabled':
      return refused(403, 'Administrator Account Disabled');
    case 'no-api-access':
      return refused(403, 'Access Denied');
    case 'too-many':
      return {
        ...refused(429, 'Too many refused calls from this network. Wait before you try again.'),
        retryAfterSeconds: refusal.retryAfterSeconds,
      };
  }
}

/** The words for an address that may not call; some programs read the address out of them to have it listed. */
export function refusedAddress(ip: string): Answered {
  return refused(403, `Invalid IP ${ip}`);
}

const IDENTIFIER = /^[A-Za-z0-9]{32}$/;
// MD5 of a password that a person chose is broken in an afternoon, so it is no credential here.
const USE_CREDENTIALS =
  "Authentication Failed: an administrator's own user name and password are not accepted by this API. " +
  'Create an API credential for the administrator and send its identifier and secret.';

// By the shape of what was sent, never by whether such an administrator exists.
function credentialWords({ pair, identifier }: Shown): string {
  if (pair !== 'username') return 'Invalid or missing credentials';
  return IDENTIFIER.test(identifier ?? '') ? 'Authentication Failed' : USE_CREDENTIALS;
}

function word(values: WireValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
