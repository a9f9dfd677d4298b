// What the browser sends back when an authenticator answered, read as the stranger's text that it is, and verified by
// @simplewebauthn/server. The library is loaded when the first passkey is used.

import type { NewPasskey, StoredPasskey } from '#domain/credentials/passkeys.table.ts';
import type { Challenge } from '#domain/credentials/passkeys-challenge.ts';
import type { Site } from '#domain/credentials/passkeys-site.ts';
import type { Context } from '#src/context.ts';

/** ES256, EdDSA and RS256 (COSE numbers), the first preferred: what authenticators in use can do. */
export const ALGORITHMS = [-7, -8, -257] as const;

/** The longest answer that is read, in characters: an RSA key with a long name of its credential is a quarter of it. */
const LONGEST = 20_000;
/** WebAuthn level 3, 4: credential names have at most 1023 bytes. */
const LONGEST_ID = 1364;

/** An answer to `navigator.credentials.get`, in its JSON form (WebAuthn level 3, 5.1.8). All base64url. */
export type SignedAnswer = {
  readonly credentialId: string;
  readonly clientData: string;
  readonly authenticatorData: string;
  readonly signature: string;
  /** The name by which the authenticator knows the person, where it said so. */
  readonly handle: string | undefined;
};

/** Reads the answer of a sign-in; undefined when it is none. */
export function signedAnswerIn(text: string): SignedAnswer | undefined {
  const sent = recordIn(text);
  const response = recordAt(sent, 'response');
  const credentialId = bytesAt(sent, 'id');
  const [clientData, authenticatorData, signature] = [
    bytesAt(response, 'clientDataJSON'),
    bytesAt(response, 'authenticatorData'),
    bytesAt(response, 'signature'),
  ];
  if (!credentialId || credentialId.length > LONGEST_ID || !clientData || !authenticatorData || !signature)
    return undefined;
  return { credentialId, clientData, authenticatorData, signature, handle: bytesAt(response, 'userHandle') };
}

/** What a right answer says. */
export type Verified = {
  readonly signCount: number;
  /** Whether the authenticator checked its person: by finger, face or PIN. */
  readonly verifiedPerson: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
};

/**
 * Verifies an answer: signed by this very key, for this challenge, on our origin, for our host, with somebody present.
 * Undefined when it is not. What the counter means is for the caller.
 */
export async function verifyAnswer(
  ctx: Context,
  site: Site,
  challenge: Challenge,
  answer: SignedAnswer,
  passkey: Pick<StoredPasskey, 'credentialId' | 'publicKey'>,
): Promise<Verified | undefined> {
  if (isFramed(answer.clientData)) return undefined;
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
      response: {
        id: answer.credentialId,
        rawId: answer.credentialId,
        type: 'public-key',
        response: {
          clientDataJSON: answer.clientData,
          authenticatorData: answer.authenticatorData,
          signature: answer.signature,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge.challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.host,
      // The counter is looked at only after the signature: whoever holds no key must not raise an alarm.
      credential: { id: passkey.credentialId, publicKey: bytesOf(passkey.publicKey), counter: 0 },
      requireUserVerification: false,
    });
    if (!verified) return undefined;
    return {
      signCount: info.newCounter,
      verifiedPerson: info.userVerified,
      backupEligible: info.credentialDeviceType === 'multiDevice',
      backedUp: info.credentialBackedUp,
    };
  } catch (error) {
    ctx.log.debug({ err: error }, 'the answer of a passkey was refused');
    return undefined;
  }
}

/** Reads and verifies what an authenticator made at enrolment. Undefined when it is not right. */
export async function verifyEnrolment(
  ctx: Context,
  site: Site,
  challenge: Challenge,
  text: string,
): Promise<NewPasskey | undefined> {
  const sent = recordIn(text);
  const response = recordAt(sent, 'response');
  const credentialId = bytesAt(sent, 'id');
  const [clientData, attestation] = [bytesAt(response, 'clientDataJSON'), bytesAt(response, 'attestationObject')];
  if (!credentialId || credentialId.length > LONGEST_ID || !clientData || !attestation) return undefined;
  if (isFramed(clientData)) return undefined;
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, registrationInfo: info } = await verifyRegistrationResponse({
      response: {
        id: credentialId,
        rawId: credentialId,
        type: 'public-key',
        response: { clientDataJSON: clientData, attestationObject: await withoutStatement(attestation) },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge.challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.host,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!verified || info.credential.id !== credentialId) return undefined;
    return {
      site: site.host,
      credentialId,
      publicKey: Buffer.from(info.credential.publicKey).toString('base64url'),
      signCount: info.credential.counter,
      transports: transportsAt(response),
      authenticator: info.aaguid,
      backupEligible: info.credentialDeviceType === 'multiDevice',
      backedUp: info.credentialBackedUp,
      verifiesPerson: info.userVerified,
    };
  } catch (error) {
    ctx.log.debug({ err: error }, 'a new passkey was refused');
    return undefined;
  }
}

/**
 * The attestation without its statement. None is asked for; where one is sent all the same it is not looked at, since a
 * certificate in it names addresses that whoever checks it would call.
 */
async function withoutStatement(attestation: string): Promise<string> {
  const { decodeAttestationObject, isoCBOR } = await import('@simplewebauthn/server/helpers');
  const authData = decodeAttestationObject(bytesOf(attestation)).get('authData');
  const bare = new Map<string, string | Map<string, string> | Uint8Array<ArrayBuffer>>([
    ['fmt', 'none'],
    ['attStmt', new Map<string, string>()],
    ['authData', authData],
  ]);
  return Buffer.from(isoCBOR.encode(bare)).toString('base64url');
}

/** Whether a page of another site had ours in a frame. Ours allow no frames; an answer that says so is none of ours. */
function isFramed(clientData: string): boolean {
  return recordIn(Buffer.from(clientData, 'base64url').toString('utf8'))?.['crossOrigin'] === true;
}

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

function transportsAt(response: Readonly<Record<string, unknown>> | undefined): string[] {
  const sent = response?.['transports'];
  return Array.isArray(sent) ? TRANSPORTS.filter((one) => sent.includes(one)) : [];
}

function recordIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    return recordAt({ it: JSON.parse(text) }, 'it');
  } catch {
    return undefined;
  }
}

function recordAt(
  record: Readonly<Record<string, unknown>> | undefined,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const value = record?.[name];
  return typeof value === 'object' && value !== null ? { ...value } : undefined;
}

/** Bytes in base64url, or undefined where there are none. */
function bytesAt(record: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = record?.[name];
  return typeof value === 'string' && /^[\w-]+$/.test(value) ? value : undefined;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}
