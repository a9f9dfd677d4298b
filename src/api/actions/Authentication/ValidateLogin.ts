// ValidateLogin: whether an address and a password are right, by the same rule as the sign-in page. A right pair starts a
// real session; its token is `passwordhash`. Every refusal reads the same and costs the same work.

import { ActionError, action, type Call } from '#api/action.ts';
import type { AnswerMap } from '#api/dialect/out.ts';
import { scalar } from '#api/dialect/parameters.ts';
import { offerPassword } from '#domain/login/password-login.ts';
import { signIn } from '#domain/login/sign-in.ts';
import type { CountedTry, Source } from '#domain/login/tries.ts';
import type { Person, Proof } from '#domain/sessions/proof.ts';
import { seconds } from '#kit/duration.ts';
import { Problem } from '#kit/problem.ts';

/** For how long the program may hand the session over to a browser, once. */
const HANDOVER_MS = seconds(60);

const REFUSED = 'Email or Password Invalid';

/**
 * email and password2, both required. Answers userid (of the user), passwordhash (left out while a second factor is due,
 * and then no session exists) and twoFactorEnabled. The one error: `Email or Password Invalid`; with `Retry-After` when
 * this person was tried too often through this credential.
 */
export default action({
  group: 'Authentication',
  answer: async (call) => {
    const answer = await offerPassword(call.ctx, {
      side: 'user',
      name: scalar(call.values, 'email') ?? '',
      password: scalar(call.values, 'password2') ?? '',
      source: sourceOf(call),
      ip: call.caller.actor.ip,
      isPersonThere: false,
    }).catch(asRefusal);
    switch (answer.at) {
      case 'refused':
        throw new ActionError(REFUSED);
      case 'second-factor':
        return { userid: userIdOf(answer.person), twoFactorEnabled: true };
      case 'factor-set-up': // due by the operator's rule: nobody is signed in without, and nobody is here to set it up
        return { userid: userIdOf(answer.person), twoFactorEnabled: false };
      case 'new-password': // nobody is here who could choose one
        throw new ActionError(REFUSED);
      case 'proved':
        return signedIn(call, answer.proof, answer.counted);
    }
  },
});

async function signedIn(call: Call, proof: Proof, counted: CountedTry): Promise<AnswerMap> {
  const { actor, visitor } = call.caller;
  const opening = {
    ip: visitor?.ip ?? actor.ip,
    userAgent: visitor?.userAgent ?? `API (${actor.name})`,
    origin: 'api' as const,
    handoverMs: HANDOVER_MS,
  };
  const session = await signIn(call.ctx, proof, opening, counted).catch(asRefusal);
  return { userid: userIdOf(proof.person), passwordhash: session.token, twoFactorEnabled: false };
}

/** A program speaks for all its customers, so its tries are counted for each person and credential, never by its address. */
function sourceOf({ caller }: Call): Source {
  if (caller.visitor) return { kind: 'visitor', ip: caller.visitor.ip };
  return { kind: 'credential', id: caller.credentialId ?? 0 }; // 0: this process
}

/** A pause, and a person deactivated meanwhile, are refused in the same words; a full queue says 503 by itself. */
function asRefusal(error: unknown): never {
  if (!(error instanceof Problem) || error.kind === 'unavailable') throw error;
  const { retryAfterSeconds } = error;
  throw new ActionError(REFUSED, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}

function userIdOf(person: Person): number {
  if (person.kind !== 'user') throw new Error('ValidateLogin signs in users alone');
  return person.userId;
}
