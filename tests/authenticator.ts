// An authenticator in software: makes passkeys and answers challenges as WebAuthn says, or wrongly where a test wants that.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** A passkey that it keeps. */
export type KeptPasskey = {
  readonly id: string;
  readonly host: string;
  readonly handle: string;
  readonly privateKey: KeyObject;
  count: number;
};

/** Where it stands, and what it says of its person and itself. */
export type Manner = {
  /** The page that asks. Our own unless told. */
  readonly origin?: string;
  /** The host that it signs for. */
  readonly host?: string;
  /** Whether it checked its person. It did unless told. */
  readonly verified?: boolean;
  readonly present?: boolean;
  /** The counter of this use; else one more than the last. */
  readonly count?: number;
  /** The challenge; else the one that was asked. */
  readonly challenge?: string;
  /** What it says whose passkey this is; `null` says nothing. */
  readonly handle?: string | null;
  readonly type?: string;
  readonly crossOrigin?: boolean;
};

/** What a page asked: its hidden token and the public options. */
export type Asked = {
  readonly csrf: string;
  readonly token: string;
  readonly options: {
    readonly challenge: string;
    readonly rpId?: string;
    readonly rp?: { readonly id: string };
    readonly user?: { readonly id: string; readonly name: string };
    readonly allowCredentials?: readonly { readonly id: string }[];
    readonly excludeCredentials?: readonly { readonly id: string }[];
    readonly userVerification?: string;
  };
};

/** Reads what a page asks of passkeys. Throws when it asks nothing. */
export function askedIn(page: string): Asked {
  const options = /data-options="([^"]*)"/.exec(page)?.[1];
  if (options === undefined) throw new Error('this page asks for no passkey');
  const plain = options
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  return {
    csrf: /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? '',
    token: /name="token" value="([^"]*)"/.exec(page)?.[1] ?? '',
    options: JSON.parse(plain),
  };
}

/** The authenticator. */
export class Authenticator {
  readonly kept: KeptPasskey[] = [];
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Makes a passkey. Answers what the browser would send. */
  make(asked: Asked, manner: Manner = {}): string {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const id = randomBytes(16);
    const host = manner.host ?? asked.options.rp?.id ?? '';
    const count = manner.count ?? 1;
    const handle = asked.options.user?.id ?? '';
    this.kept.push({ id: id.toString('base64url'), host, handle, privateKey, count });
    const key = publicKey.export({ format: 'jwk' });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const data = Buffer.concat([
      this.#data(host, { ...manner, count }, 0x40),
      Buffer.alloc(16),
      length,
      id,
      // COSE (RFC 9052): an EC2 key, ES256, P-256, x, y.
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(key.x ?? '', 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(key.y ?? '', 'base64url'),
    ]);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(data.length);
    // CBOR: { fmt: "none", attStmt: {}, authData: bytes }
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
      size,
      data,
    ]);
    return JSON.stringify({
      id: id.toString('base64url'),
      type: 'public-key',
      response: {
        clientDataJSON: this.#clientData(asked, 'webauthn.create', manner).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    });
  }

  /** Answers a challenge with the newest passkey, or `passkey`. */
  answer(asked: Asked, manner: Manner = {}, passkey: KeptPasskey | undefined = this.kept.at(-1)): string {
    if (!passkey) throw new Error('this authenticator keeps no passkey');
    const count = manner.count ?? ++passkey.count;
    const data = this.#data(manner.host ?? passkey.host, { ...manner, count }, 0);
    const clientData = this.#clientData(asked, 'webauthn.get', manner);
    const signed = Buffer.concat([data, createHash('sha256').update(clientData).digest()]);
    const handle = manner.handle === undefined ? passkey.handle : manner.handle;
    return JSON.stringify({
      id: passkey.id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, passkey.privateKey).toString('base64url'),
        ...(handle === null ? {} : { userHandle: handle }),
      },
    });
  }

  #clientData(asked: Asked, type: string, manner: Manner): Buffer {
    return Buffer.from(
      JSON.stringify({
        type: manner.type ?? type,
        challenge: manner.challenge ?? asked.options.challenge,
        origin: manner.origin ?? this.#origin,
        crossOrigin: manner.crossOrigin ?? false,
      }),
    );
  }

  #data(host: string, { present = true, verified = true, count = 0 }: Manner, more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    const flags = Buffer.from([(present ? 0x01 : 0) | (verified ? 0x04 : 0) | more]);
    return Buffer.concat([createHash('sha256').update(host).digest(), flags, counter]);
  }
}
