import { describe, expect, it } from 'vitest';
import { sanitizeToolMessage } from '../src/container/scripts/tool-message.ts';

describe('sanitizeToolMessage', () => {
  it.each([
    ['mv: no space left\non device\n', 'mv: no space left on device'],
    ['\u001b[2J\u001b]0;title\u0007text\r\u0000', '[2J ]0;title text'],
    ['user \u202egnp.exe \u2066x\u2028y\u200b', 'user gnp.exe x y'],
    ['müßte 漢字 💥', 'müßte 漢字 💥'],
    ['', ''],
  ])('makes %j one printable line', (written, expected) => {
    expect(sanitizeToolMessage(written)).toBe(expected);
  });

  it('keeps at most 500 characters, and no half of one', () => {
    expect(sanitizeToolMessage('x'.repeat(1_000_000))).toBe('x'.repeat(500));
    expect(sanitizeToolMessage(`${'x'.repeat(499)}💥`)).toBe(`${'x'.repeat(499)}\ufffd`);
  });
});
