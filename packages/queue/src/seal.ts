import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Seals texts on their way through Redis. */
export interface Seal {
  /** Seals a text for one job. */
  seal(text: string, job: string): Buffer;
  /**
   * Opens what was sealed for a job.
   * @throws Error where it was sealed with another key or for another job, or was changed
   */
  open(sealed: Buffer, job: string): string;
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
  const key = Buffer.from(hkdfSync('sha256', passphrase, '', 'podman-api seal 1', 32));
  return {
    seal(text, job) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(job));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(sealed, job) {
      const nonce = sealed.subarray(0, nonceLength);
      const tag = sealed.subarray(nonceLength, nonceLength + tagLength);
      const decipher = createDecipheriv(algorithm, key, nonce).setAAD(Buffer.from(job)).setAuthTag(tag);
      return Buffer.concat([decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()]).toString('utf8');
    },
  };
}
