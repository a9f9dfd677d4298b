// Random bytes, hashes of secrets, comparing without a leak, and sealing. The only file that may do any of these.

import {
  createCipheriv,
  createDecipheriv,
  hash,
  hkdfSync,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A fresh random token, base64url. 32 bytes (256 bits) unless told: ASVS 5.0 V7.2.3 asks for at least 128. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** A fresh random token of lower-case hex; `bytes` 20 gives the 40 characters of WHMCS's SSO tokens. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** `length` random letters and digits without bias, the shape of WHMCS's API identifiers and secrets. */
export function randomLetters(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += LETTERS.charAt(byte % 62);
    }
  }
  return text;
}

/** `length` random decimal digits without bias. */
export function randomDigits(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 250 && text.length < length) text += String(byte % 10);
    }
  }
  return text;
}

/** A random (version 4) UUID. */
export function newUuid(): string {
  return randomUUID();
}

/**
 * The one-way form in which a random secret is stored. SHA-256 is enough for 128 and more random bits;
 * never use it for anything a person chose.
 */
export function fingerprint(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** MD5 as lower-case hex: only to meet old clients of the WHMCS wire, who hash whatever secret they are given. */
export function md5Hex(text: string): string {
  return hash('md5', text, 'hex');
}

/** Compares two texts in a time that does not depend on where they differ. */
export function constantTimeEqual(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

/** As a text of bytes first: that way Node is done in a quarter of the time. */
function digest(text: string): Buffer {
  return Buffer.from(hash('sha256', text, 'latin1'), 'latin1');
}

/** Seals and opens texts with the installation's key. A purpose keeps one kind of sealed text from opening as another. */
export type Seal = {
  /** AES-256-GCM under a key derived for `purpose`; `bound` is authenticated beside it and must be given again to open. */
  seal(purpose: string, text: string, bound?: string): string;
  /** The text, or undefined when it was not sealed by this key for this purpose and bound value. */
  open(purpose: string, sealed: string, bound?: string): string | undefined;
  /** A keyed fingerprint (HMAC-SHA-256, base64url) for tokens that need no storage, such as those against CSRF. */
  sign(purpose: string, text: string): string;
};

/** Makes the Seal of an installation from its key (32 bytes, base64url). */
export function openSeal(key: string): Seal {
  const master = Buffer.from(key, 'base64url');
  if (master.length < 32) throw new Error('the installation key must be at least 32 bytes, base64url');
  const keys = new Map<string, Buffer>();
  const keyFor = (purpose: string): Buffer => {
    const known = keys.get(purpose);
    if (known) return known;
    const derived = Buffer.from(hkdfSync('sha256', master, 'doorward', purpose, 32));
    keys.set(purpose, derived);
    return derived;
  };
  const pads = new Map<string, Pads>();
  const padsFor = (purpose: string): Pads => {
    const known = pads.get(purpose);
    if (known) return known;
    const made = padsOf(keyFor(`sign:${purpose}`));
    pads.set(purpose, made);
    return made;
  };
  return {
    seal(purpose, text, bound = '') {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyFor(`seal:${purpose}`), nonce).setAAD(Buffer.from(bound));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(purpose, sealed, bound = '') {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < 29 || bytes[0] !== 1) return undefined;
      try {
        const cipher = createDecipheriv('aes-256-gcm', keyFor(`seal:${purpose}`), bytes.subarray(1, 13))
          .setAAD(Buffer.from(bound))
          .setAuthTag(bytes.subarray(13, 29));
        return Buffer.concat([cipher.update(bytes.subarray(29)), cipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
    sign: (purpose, text) => signed(padsFor(purpose), text),
  };
}

/** A key as HMAC mixes it into its two hashes; `outer` has room at its end for what the first hash gives. */
type Pads = { readonly inner: Buffer; readonly outer: Buffer };

const BLOCK = 64; // bytes of a block of SHA-256
const DIGEST = 32; // bytes that SHA-256 gives

function padsOf(key: Buffer): Pads {
  if (key.length > BLOCK) throw new Error('a longer key would have to be hashed first');
  const padded = Buffer.concat([key, Buffer.alloc(BLOCK - key.length)]);
  return {
    inner: Buffer.from(padded.map((byte) => byte ^ 0x36)),
    outer: Buffer.concat([padded.map((byte) => byte ^ 0x5c), Buffer.alloc(DIGEST)]),
  };
}

/**
 * HMAC-SHA-256 (RFC 2104) by two whole hashes. Every page signs its forms, and OpenSSL takes longer to set up an HMAC than
 * the rest of the signed-in page takes to read its session. The first hash comes as a text of bytes, as in `digest`.
 */
function signed({ inner, outer }: Pads, text: string): string {
  outer.write(hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'latin1'), BLOCK, 'latin1');
  return hash('sha256', outer, 'base64url');
}
