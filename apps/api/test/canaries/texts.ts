import { randomBytes } from 'node:crypto';

/** A text that stands nowhere else, to be put into a secret field; `mark` is what all of a set have in common. */
export function createCanaries(): { readonly mark: string; canary(): string } {
  const mark = `canary${randomBytes(6).toString('hex')}`;
  return { mark, canary: () => `${mark}${randomBytes(4).toString('hex')}` };
}

/** A text as it may hide: as it is, in hex, backwards, and in base64 at each of the places it can have there. */
export function disguises(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map(shift => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters also depend on what stands beside.
    return whole.slice(shift === 0 ? 0 : shift + 1, -1);
  });
  return [text, bytes.toString('hex'), [...text].reverse().join(''), ...shifted];
}

/** Which disguises of a text stand in some bytes. */
export function foundIn(bytes: Buffer | string, text: string): readonly string[] {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return disguises(text).filter(disguise => buffer.includes(disguise));
}
