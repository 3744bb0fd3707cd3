import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Encrypts what must not be readable in Redis. The context identifies the bytes, for example by the id of their job. It is not stored, and
 * bytes that were moved to another place cannot be decrypted there.
 */
export interface Seal {
  /** Encrypts bytes for a context. */
  seal(bytes: Uint8Array, context: string): Buffer;
  /** Encrypts pieces as `seal` would encrypt them joined, without copying them first, which matters for large ones. */
  sealPieces(pieces: readonly Uint8Array[], context: string): Buffer;
  /**
   * Decrypts bytes.
   * @throws Error if they were sealed with an unknown key or for another context, or were changed
   */
  open(sealed: Uint8Array, context: string): Buffer;
  /** Returns the HMAC-SHA-256 of a string for each key, 64 hex digits each. Store the first; compare with all. */
  fingerprints(text: string): readonly [string, ...string[]];
}

const algorithm = 'aes-256-gcm';
/** 96 bits, as NIST SP 800-38D recommends for GCM. */
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Creates a seal with keys derived from passphrases: AES-256-GCM with the context as additional data. The first key seals
 * and all keys open, so that keys can be rotated while jobs are queued. The layout is nonce, tag, ciphertext.
 */
export function createSeal([newest, ...older]: readonly [string, ...string[]]): Seal {
  const key = deriveKey('seal', newest);
  const keys: Keys = [key, ...older.map(passphrase => deriveKey('seal', passphrase))];
  const fingerprintKey = deriveKey('fingerprint', newest);
  const olderFingerprintKeys = older.map(passphrase => deriveKey('fingerprint', passphrase));
  const sealPieces: Seal['sealPieces'] = (pieces, context) => {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(context));
    const sealed = pieces.map(bytes => cipher.update(bytes));
    sealed.push(cipher.final());
    return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]);
  };
  return {
    seal: (bytes, context) => sealPieces([bytes], context),
    sealPieces,
    open(sealed, context) {
      return openWithAny(keys, sealed, context);
    },
    fingerprints: text => [hmac(fingerprintKey, text), ...olderFingerprintKeys.map(older => hmac(older, text))],
  };
}

function deriveKey(use: string, passphrase: string): Buffer {
  return Buffer.from(hkdfSync('sha256', passphrase, '', `podman-api ${use} 1`, 32));
}

function hmac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

type Keys = readonly [Buffer, ...Buffer[]];

function openWithAny([key, next, ...others]: Keys, sealed: Uint8Array, context: string): Buffer {
  try {
    return openWith(key, sealed, context);
  } catch (error) {
    if (next) return openWithAny([next, ...others], sealed, context);
    throw error;
  }
}

function openWith(key: Buffer, sealed: Uint8Array, context: string): Buffer {
  const nonce = sealed.subarray(0, nonceBytes);
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
  const decipher = createDecipheriv(algorithm, key, nonce).setAAD(Buffer.from(context)).setAuthTag(tag);
  const opened = decipher.update(sealed.subarray(nonceBytes + tagBytes));
  // Throws if the bytes were changed. It adds no bytes, because GCM has no padding, so its result needs no concatenation.
  decipher.final();
  return opened;
}
