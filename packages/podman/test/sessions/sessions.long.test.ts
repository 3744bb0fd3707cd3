import { describe, expect, it } from 'vitest';
import { exec, startWarmContainer } from './exec-in-session.ts';
import { describeSessionImages } from './session-images.ts';

describeSessionImages('debian', 'plain');

describe('exec in a session', () => {
  it('keeps the output of 100 concurrent execs apart', async context => {
    const { podman, name } = await startWarmContainer(context, 'busybox');
    const texts = Array.from({ length: 100 }, (_, index) => `${index}`.repeat(500));
    const results = await Promise.all(texts.map(text => exec(podman, name, ['sh', '-c', `printf %s ${text}; printf %s ${text} >&2`])));
    expect(results.map(({ stdout, stderr }) => [stdout, stderr])).toEqual(texts.map(text => [text, text]));
    expect(podman.sessions).toBeLessThanOrEqual(4);
  });
});
