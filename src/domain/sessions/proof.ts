// A Proof: that somebody proved who they are, and how. It alone opens a session. Only `login` and `sso` make one
// (tests/rules.test.ts), so whoever adds a way in cannot forget the second factor.

/** Who a session is for. */
export type Person =
  | { readonly kind: 'user'; readonly userId: number }
  | { readonly kind: 'administrator'; readonly administratorId: number };

/** How they proved it, in the order they did: `password`, a factor's name, or `sso`. */
export type Method = string;

class Proof {
  readonly #person: Person;
  readonly #methods: readonly Method[];
  readonly #credential: string | undefined;

  constructor(person: Person, methods: readonly Method[], credential: string | undefined) {
    this.#person = person;
    this.#methods = methods;
    this.#credential = credential;
  }

  /** Whose proof it is. */
  get person(): Person {
    return this.#person;
  }

  /** How it was proved. */
  get methods(): readonly Method[] {
    return this.#methods;
  }

  /** The stored form of the password that they had then, empty where they had none; undefined where nothing rests on it. */
  get credential(): string | undefined {
    return this.#credential;
  }
}

export type { Proof };

/**
 * Makes a Proof. For `domain/login` and `domain/sso` only. `credential`: the stored password it rests on; once that was
 * replaced the Proof opens nothing, so that a change of password also ends a sign-in that is half through.
 */
export function makeProof(person: Person, methods: readonly Method[], credential?: string): Proof {
  if (methods.length === 0) throw new Error('a proof needs a method');
  return new Proof(person, methods, credential);
}

/** Whether something is a Proof that `makeProof` made: an imitation has no private part. */
export function isProof(value: unknown): value is Proof {
  return value instanceof Proof;
}
