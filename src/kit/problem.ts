// The answers that a rule gives by throwing: what the caller would only pass along to whoever asked.

/** What went wrong, as far as the outside needs to know. Each kind of door translates it once. */
export type ProblemKind = 'invalid' | 'not-found' | 'not-allowed' | 'conflict' | 'too-many' | 'unavailable';

/** The parts of a Problem beside its kind and code. */
export type ProblemDetails = {
  /** Field name to error code; the code is a key of locales/en/errors.json. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Values for the words of the code. Never a secret. */
  readonly values?: Readonly<Record<string, string | number>>;
  /** For `too-many` and `unavailable`: when to try again, in seconds. */
  readonly retryAfterSeconds?: number;
};

/**
 * A refusal with a code. `code` is a key of locales/en/errors.json, so that a page can say it in the person's language;
 * the WHMCS wire maps it to that action's documented text.
 */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string | number>>;
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ProblemKind, code: string, details: ProblemDetails = {}) {
    super(`${kind}: ${code}`);
    this.name = 'Problem';
    this.kind = kind;
    this.code = code;
    this.fields = details.fields ?? {};
    this.values = details.values ?? {};
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** Refuses input field by field: `invalid({ email: 'email-missing' })`. */
export function invalid(fields: Record<string, string>, values: Record<string, string | number> = {}): Problem {
  return new Problem('invalid', Object.values(fields)[0] ?? 'invalid', { fields, values });
}

/** The thing asked for is not there, or not there for whoever asks: both look the same from outside. */
export function notFound(code: string): Problem {
  return new Problem('not-found', code);
}

/** Whoever acts may not do this. */
export function notAllowed(code: string, values: Record<string, string | number> = {}): Problem {
  return new Problem('not-allowed', code, { values });
}

/** The state of things forbids it: the last full administrator, a name already taken. */
export function conflict(code: string, values: Record<string, string | number> = {}): Problem {
  return new Problem('conflict', code, { values });
}
