import { randomBytes } from 'node:crypto';

/** Creates unique texts to put into secret fields; all of a set contain `mark`. */
export function createCanaries(): { readonly mark: string; canary(): string } {
  const mark = `canary${randomBytes(6).toString('hex')}`;
  return { mark, canary: () => `${mark}${randomBytes(4).toString('hex')}` };
}

/** Returns the forms in which a string may appear: plain, in hex, reversed, and in base64 at each of the three alignments. */
export function encodingsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const shifted = [0, 1, 2].map(shift => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters also depend on the neighboring bytes.
    return whole.slice(shift === 0 ? 0 : shift + 1, -1);
  });
  return [text, bytes.toString('hex'), [...text].reverse().join(''), ...shifted];
}

/** Returns the forms of a string that are found in some bytes. */
export function foundIn(bytes: Buffer | string, text: string): readonly string[] {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return encodingsOf(text).filter(encoding => buffer.includes(encoding));
}
