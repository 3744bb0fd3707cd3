import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Seals what must not be read on its way through Redis. */
export interface Seal {
  /** Seals bytes for one job. */
  seal(bytes: Uint8Array, job: string): Buffer;
  /**
   * Opens what was sealed for a job.
   * @throws Error where it was sealed with another key or for another job, or was changed
   */
  open(sealed: Uint8Array, job: string): Buffer;
  /** Fingerprints that only processes with the same keys can make, 64 hex digits each; the first is to be kept. */
  fingerprints(text: string): readonly [string, ...string[]];
}

const algorithm = 'aes-256-gcm';
/** 96 bits, as NIST SP 800-38D recommends for GCM. */
const nonceLength = 12;
const tagLength = 16;

/**
 * A seal with keys made of passphrases: AES-256-GCM, bound to the job's id. The first seals and all open, so that a
 * key can be changed while jobs are on their way. The layout is nonce, tag, ciphertext.
 */
export function createSeal([newest, ...older]: readonly [string, ...string[]]): Seal {
  const key = keyFor('seal', newest);
  const keys: Keys = [key, ...older.map(passphrase => keyFor('seal', passphrase))];
  const fingerprintKey = keyFor('fingerprint', newest);
  const olderFingerprintKeys = older.map(passphrase => keyFor('fingerprint', passphrase));
  return {
    seal(bytes, job) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(job));
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, job) {
      return openWithAny(keys, sealed, job);
    },
    fingerprints: text => [hmac(fingerprintKey, text), ...olderFingerprintKeys.map(older => hmac(older, text))],
  };
}

function keyFor(use: string, passphrase: string): Buffer {
  return Buffer.from(hkdfSync('sha256', passphrase, '', `podman-api ${use} 1`, 32));
}

function hmac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}

type Keys = readonly [Buffer, ...Buffer[]];

function openWithAny([key, next, ...others]: Keys, sealed: Uint8Array, job: string): Buffer {
  try {
    return openWith(key, sealed, job);
  } catch (error) {
    if (next) return openWithAny([next, ...others], sealed, job);
    throw error;
  }
}

function openWith(key: Buffer, sealed: Uint8Array, job: string): Buffer {
  const nonce = sealed.subarray(0, nonceLength);
  const tag = sealed.subarray(nonceLength, nonceLength + tagLength);
  const decipher = createDecipheriv(algorithm, key, nonce).setAAD(Buffer.from(job)).setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()]);
}
