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
  /** A fingerprint that only processes with the same key can make; 64 hex digits. */
  fingerprint(text: string): string;
}

const algorithm = 'aes-256-gcm';
/** 96 bits, as NIST SP 800-38D recommends for GCM. */
const nonceLength = 12;
const tagLength = 16;

/**
 * A seal with a key made of a passphrase: AES-256-GCM, bound to the job's id.
 * The layout is nonce, tag, ciphertext.
 */
export function createSeal(passphrase: string): Seal {
  const keyFor = (use: string) => Buffer.from(hkdfSync('sha256', passphrase, '', `podman-api ${use} 1`, 32));
  const key = keyFor('seal');
  const fingerprintKey = keyFor('fingerprint');
  return {
    seal(bytes, job) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(job));
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, job) {
      const nonce = sealed.subarray(0, nonceLength);
      const tag = sealed.subarray(nonceLength, nonceLength + tagLength);
      const decipher = createDecipheriv(algorithm, key, nonce).setAAD(Buffer.from(job)).setAuthTag(tag);
      return Buffer.concat([decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()]);
    },
    fingerprint: text => createHmac('sha256', fingerprintKey).update(text).digest('hex'),
  };
}
