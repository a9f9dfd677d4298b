// Asking Duo, by its own library: whether it is there, the link to its prompt, what came of a visit. The library signs and
// checks the tokens (HS512, audience, issuer) and talks to Duo by TLS with Duo's certificate authorities alone; what counts as
// a yes is decided here. Whatever is not a plain yes is a no, and no answer is a no (fail closed).

import type { Client } from '@duosecurity/duo_universal';
import { duoApiHost, duoClientId, duoClientSecret } from '#domain/credentials/duo.settings.ts';
import { secretOf, settingOf } from '#domain/settings/settings.ts';
import { seconds } from '#kit/duration.ts';
import { fingerprint } from '#kit/secret.ts';
import { oneLine } from '#kit/text.ts';
import type { Context } from '#src/context.ts';

/** How our application is known to Duo. */
export type DuoApplication = { readonly clientId: string; readonly clientSecret: string; readonly apiHost: string };

/** The longest Duo may take for an answer. */
const WITHIN_MS = seconds(5);
/** What is known of its health holds for a moment, so that pages opened again and again do not ask each time. */
const HEALTH_MS = seconds(10);
const MOST_BYTES = 64 * 1024;
/** Far longer than any code of Duo's. */
const MOST_IN_CODE = 2000;

/** Whether everything is entered that asking Duo needs. */
export async function isDuoConfigured(ctx: Context): Promise<boolean> {
  return (await applicationOf(ctx)) !== undefined;
}

/** Why Duo does not work here: what staff can do about it, and the words that came back. */
export type DuoFault = { readonly trouble: DuoTrouble; readonly why: string };

/**
 * - `old-application`: Duo keeps our application for its old prompt (behaviours.md 3.10, the known failure)
 * - `credentials`: Duo does not know our application, or not by this secret
 * - `between`: somebody else answered at Duo's address
 * - `clock`: this machine's time is not Duo's
 * - `silent`: no answer, or none that can be understood
 */
export type DuoTrouble = 'old-application' | 'credentials' | 'between' | 'clock' | 'silent';

/** Why Duo does not answer us; undefined when it does, or nothing is entered. What is wrong is in the log too. Never throws. */
export async function duoFault(ctx: Context): Promise<DuoFault | undefined> {
  const application = await applicationOf(ctx);
  return application && healthOf(ctx, application);
}

/** Whether Duo is set up here and answers us. Never throws. */
export async function isDuoThere(ctx: Context): Promise<boolean> {
  return (await isDuoConfigured(ctx)) && (await duoFault(ctx)) === undefined;
}

/** A visit as Duo is told of it. `callback`: where the browser is sent back. */
export type AskedOfDuo = {
  readonly name: string;
  readonly callback: string;
  readonly nonce: string;
};

/**
 * The address of Duo's prompt, which holds for five minutes; undefined when Duo is not there, or not set up here. The nonce
 * goes beside the signed request, which the library makes without one.
 */
export async function duoPrompt(
  ctx: Context,
  { name, callback, nonce, state }: AskedOfDuo & { readonly state: string },
): Promise<string | undefined> {
  const application = await applicationOf(ctx);
  if (!application || !(await isDuoThere(ctx))) return undefined;
  try {
    const prompt = new URL(await (await openClient(application, callback)).createAuthUrl(name, state));
    prompt.searchParams.set('nonce', nonce);
    return prompt.href;
  } catch (error) {
    tell(ctx, error);
    return undefined;
  }
}

/** `refused`: it was somebody else, or nobody, or for another visit. `unavailable`: nobody can say; the log says why. */
export type DuoAnswer = 'allowed' | 'refused' | 'unavailable';

/** Asks what came of a visit. Call it outside a transaction; count the try before. Never throws. */
export async function askDuo(ctx: Context, code: string, { name, callback, nonce }: AskedOfDuo): Promise<DuoAnswer> {
  if (code === '' || code.length > MOST_IN_CODE) return 'refused';
  const application = await applicationOf(ctx);
  if (!application) return 'unavailable';
  try {
    const client = await openClient(application, callback);
    const token = await client.exchangeAuthorizationCodeFor2FAResult(code, name);
    // It comes only where it was asked for; the answer to another visit has another one.
    if (token.nonce !== undefined && token.nonce !== nonce) return 'refused';
    // The library looks at the signature and the name, not at what Duo decided.
    return token.auth_result?.result === 'allow' ? 'allowed' : 'refused';
  } catch (error) {
    if (NO_YES.test(wordsOf(error))) {
      const below: unknown = error instanceof Error && 'inner' in error ? error.inner : undefined;
      ctx.log.warn({ why: wordsOf(error), below: below && wordsOf(below) }, 'an answer of Duo was not taken');
      return 'refused';
    }
    tell(ctx, error);
    return 'unavailable';
  }
}

/** A code that was used, is too old or made up; a signature, audience, issuer or name that is not right. */
const NO_YES = /^invalid_grant\b|^Error decoding JWT$|^The username is invalid$|^The nonce is invalid$/;

/** What the words that came back mean. */
export function troubleIn(why: string): DuoTrouble {
  if (/frameless access/i.test(why)) return 'old-application';
  if (/expired|too early|\b(?:iat|exp)\b|clock/i.test(why)) return 'clock';
  if (/invalid_client|client_assertion|unauthorized|^The Client /i.test(why)) return 'credentials';
  return /certificate|self.signed|issuer/i.test(why) ? 'between' : 'silent';
}

/** What staff read in the log. */
const REMEDIES: Readonly<Record<DuoTrouble, string>> = {
  'old-application':
    'it keeps our application for its old prompt; make a new one of the kind "Web SDK" in the Duo Admin Panel, and enter its client ID, client secret and API hostname in the settings',
  credentials:
    'it does not know our application by these credentials; compare client ID, client secret and API hostname in the settings with the Duo Admin Panel',
  between:
    'somebody else answered at its address; a proxy that opens TLS on the way out has to let the API hostname pass',
  clock: 'the clock of this machine may be wrong; Duo allows a minute',
  silent: 'it gave no answer; look at status.duo.com, and whether this machine reaches the API hostname by https',
};

/** Known for a moment. Another secret is another question. */
async function healthOf(ctx: Context, application: DuoApplication): Promise<DuoFault | undefined> {
  const name = `duo ${application.apiHost} ${application.clientId} ${fingerprint(application.clientSecret)}`;
  return ctx.snapshots.get(name, ctx.now(), HEALTH_MS, () => askHealth(ctx, application));
}

async function askHealth(ctx: Context, application: DuoApplication): Promise<DuoFault | undefined> {
  try {
    await (await openClient(application, 'https://doorward.invalid/')).healthCheck();
    return undefined;
  } catch (error) {
    return tell(ctx, error);
  }
}

async function applicationOf(ctx: Context): Promise<DuoApplication | undefined> {
  const [clientId, apiHost] = [await settingOf(ctx, duoClientId), await settingOf(ctx, duoApiHost)];
  if (clientId === '' || apiHost === '') return undefined;
  const clientSecret = await secretOf(ctx, duoClientSecret);
  return clientSecret === undefined ? undefined : { clientId, clientSecret, apiHost };
}

/** The library, told who we are. Loaded when Duo is asked for the first time: most installations never do. For tests besides. */
export async function openClient(application: DuoApplication, redirectUrl: string): Promise<Client> {
  const { Client: Opened } = await import('@duosecurity/duo_universal');
  const client = new Opened({ ...application, redirectUrl });
  boundRequests(client);
  return client;
}

/** The library waits for ever, follows redirects and reads whatever comes; its requests get an end here. */
function boundRequests(client: Client): void {
  const http: unknown = Reflect.get(client, 'axios');
  const defaults: unknown = typeof http === 'function' && 'defaults' in http ? http.defaults : undefined;
  if (typeof defaults !== 'object' || defaults === null) throw new Error("Duo's library cannot be given a time limit");
  const signal = AbortSignal.timeout(WITHIN_MS);
  Object.assign(defaults, { timeout: WITHIN_MS, signal, maxRedirects: 0, maxContentLength: MOST_BYTES });
}

function tell(ctx: Context, error: unknown): DuoFault {
  const why = wordsOf(error);
  const trouble = troubleIn(why);
  ctx.log.error({ why, trouble }, `Duo does not work: ${REMEDIES[trouble]} (docs/operate/duo.md)`);
  return { trouble, why };
}

/** The words alone: what lies below carries the request, with what proves who we are. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? oneLine(error.message).slice(0, 300) : 'unknown';
}
