import { until } from '@podman-api/testing';
import { expect, it } from 'vitest';
import { uniquePath } from '../gate.ts';
import { addFile, type FileTarget, runInside } from './target.ts';

/** Registers the test that a file is replaced in one step. @param times how often */
export function testReplace(getTarget: () => FileTarget, times: number): void {
  it('replaces a file atomically: a reader sees the old or the new content', async () => {
    const target = getTarget();
    const folder = uniquePath();
    const [small, large] = ['a'.repeat(3_000_000), 'b'.repeat(5_000_000)];
    const put = (name: string, content: string) => addFile(target, { dest_path: `${folder}/${name}`, content });
    await put('whole', small);
    const reader = runInside(target, `cd ${folder}; while [ ! -e stop ]; do wc -c <whole; touch reading; done | sort -u`);
    await until(async () => (await runInside(target, `ls ${folder}`)) === 'reading\nwhole\n');
    for (let count = 0; count < times; count += 1) await put('whole', count % 2 === 0 ? large : small);
    await put('stop', '');
    const sizes = String(await reader)
      .trim()
      .split(/\s+/)
      .map(Number);
    expect(sizes).toContain(small.length);
    expect(sizes.filter(size => size !== small.length && size !== large.length)).toEqual([]);
    // No draft is left.
    expect(await runInside(target, `ls -A ${folder}`)).toBe('reading\nstop\nwhole\n');
  });
}
