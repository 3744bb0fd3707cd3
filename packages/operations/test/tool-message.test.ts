import { describe, expect, it } from 'vitest';
import { toolMessage } from '../src/container/tool-message.ts';

describe('toolMessage', () => {
  it.each([
    ['mv: no space left\non device\n', 'mv: no space left on device'],
    ['\u001b[2J\u001b]0;title\u0007text\r\u0000', '[2J ]0;title text'],
    ['user \u202egnp.exe \u2066x\u2028y\u200b', 'user gnp.exe x y'],
    ['müßte 漢字 💥', 'müßte 漢字 💥'],
    ['', ''],
  ])('makes %j one printable line', (written, expected) => {
    expect(toolMessage(written)).toBe(expected);
  });

  it('keeps at most 500 characters, and no half of one', () => {
    expect(toolMessage('x'.repeat(1_000_000))).toBe('x'.repeat(500));
    expect(toolMessage(`${'x'.repeat(499)}💥`)).toBe(`${'x'.repeat(499)}\ufffd`);
  });
});
