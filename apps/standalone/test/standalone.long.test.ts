import { createCall, images, standaloneUrl } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { expectOneLine, prepare, type WrongVariable } from './start.ts';

describe.concurrent('npm start', () => {
  it('keeps jobs across a restart by SIGINT, and exits with 0 on SIGINT and SIGTERM', async context => {
    const { start } = prepare(context);
    const first = start();
    await first.waitForOutput('Ctrl-C');
    const name = uniqueContainerName();
    const created = await createCall(standaloneUrl(first))('POST', '/containers', { image: images.plain, name, command: 'sleep 300' });
    expect(created.status).toBe(201);
    expect(await first.end('SIGINT')).toBe(0);

    const second = start();
    await second.waitForOutput('Ctrl-C');
    const job = await createCall(standaloneUrl(second))('GET', `/jobs/${String(created.field('job_id'))}`);
    expect(job.body).toMatchObject({ job: { status: 'succeeded', result: { name } } });
    expect(await second.end('SIGTERM')).toBe(0);
  });

  it.for<WrongVariable>([
    ['DEBUG', 'yes', 'true, 1, false or 0'],
    ['PORT', 'http', 'a whole number from 0 to 65535'],
    ['MAX_BODY', '10 megs', 'a size'],
  ])('exits with one line about %s=%s', expectOneLine);
});
