import { images, startApp, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { expect, it, onTestFinished } from 'vitest';
import { uniquePath } from './gate.ts';
import { startTokenService } from './tokens/token-service.ts';

// Steps: one token has more commands than its share, on two workers; one worker is killed; all commands end, and none ran twice.
it('runs all commands that waited for the share of their token after a worker was killed', async () => {
  const tokens = await startTokenService({ MAX_WORKERS: '2' });
  onTestFinished(() => tokens.stop());
  const second = startApp('worker', tokens.service.env);
  onTestFinished(async () => void (await second.end()));
  await second.waitForOutput('working for the node');
  const name = await startContainer(images.plain);
  const greedy = await tokens.createCaller('greedy', 'exec');
  await tokens.createCaller('other', 'exec');
  const counts = uniquePath();
  const path = `/containers/${name}/exec`;
  const submitted = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      greedy('POST', path, { command: `echo ${index} >>${counts}; sleep 0.5` }, { Prefer: 'respond-async' }),
    ),
  );
  const urls = submitted.map(({ headers }) => (headers.get('Location') ?? '').replace('/api/v1', ''));
  const statuses = async () =>
    (await Promise.all(urls.map(url => greedy('GET', url)))).map(response => String(response.field('job.status')));
  await until(async () => (await statuses()).includes('running'));
  tokens.service.worker.process.kill('SIGKILL');
  await until(async () => !(await statuses()).some(status => status === 'queued' || status === 'running'));

  const ended = await statuses();
  // The killed worker ran at most two.
  expect(ended.filter(status => status !== 'succeeded').length).toBeLessThanOrEqual(2);
  expect(ended.filter(status => status !== 'succeeded' && status !== 'unknown')).toEqual([]);
  const lines = String((await greedy('POST', path, { command: `sort -n ${counts}` })).field('execution.stdout'))
    .trim()
    .split('\n');
  expect(lines).toEqual([...new Set(lines)]);
  expect(lines.length).toBeGreaterThanOrEqual(ended.filter(status => status === 'succeeded').length);
});
