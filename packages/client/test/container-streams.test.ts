import { describe, expect, it } from 'vitest';
import { useFakeApi } from './in-process.ts';

const fakeApi = useFakeApi();

const exit = { id: '', event: 'exit', exit_code: 0 };
const stats = {
  ...{ id: '91ef0af61f39', name: 'box', read_at: '2026-11-29T00:00:00.000Z', cpu_percent: 12.5, cpu_ms: 1, pids: 3 },
  ...{ memory: 512_000, memory_limit: 1_024_000, network_input: 0, network_output: 0, block_input: 0, block_output: 0 },
};

describe('logs --follow', () => {
  it('prints the text of both streams until the container stops, and says where lines may be missing', async () => {
    const { run, requests } = await fakeApi({
      'GET /containers/box/logs': [
        { id: '', event: 'ping' },
        { id: '1-1', event: 'stdout', text: 'one\ntw' },
        { id: '1-2', event: 'gap' },
        { id: '2-1', event: 'stderr', text: 'o\n' },
        exit,
      ],
    });
    expect(await run('logs', '-f', '-t', '--tail', '5', 'box')).toMatchObject({
      code: 0,
      stdout: 'one\ntwo\n',
      stderr: 'podman-api: lines may be missing here, because podman has replaced the log file.\n',
    });
    expect(requests[0]?.line).toBe('GET /containers/box/logs?tail=5&timestamps=true&follow=true');
  });

  it('exits with the error that ends the stream', async () => {
    const error = { id: '', event: 'error', message: 'The job reached its time limit.', code: 408, type: 'TimeoutError' };
    const { run } = await fakeApi({ 'GET /containers/box/logs': [error] });
    expect(await run('logs', '-f', 'box')).toMatchObject({ stderr: 'podman-api: The job reached its time limit.\n' });
  });
});

describe('stats', () => {
  it('prints a line for each reading until the containers stop', async () => {
    const { run, requests } = await fakeApi({
      'GET /containers/box/stats': [{ id: '', event: 'stats', stats }, exit],
      'GET /containers/other/stats': [{ id: '', event: 'stats', stats: { ...stats, name: 'other' } }, exit],
    });
    const { code, stdout } = await run('stats', 'box', 'other');
    expect(code).toBe(0);
    expect(stdout.split('\n').sort()).toEqual(['', expect.stringContaining('  box  12.50  '), expect.stringContaining('  other  12.50  ')]);
    expect(requests.map(({ line }) => line).sort()).toEqual([
      'GET /containers/box/stats?stream=true',
      'GET /containers/other/stats?stream=true',
    ]);
  });

  it('prints JSON, or the figures once', async () => {
    const streamed = await fakeApi({ 'GET /containers/box/stats': [{ id: '', event: 'stats', stats }, exit] });
    expect(JSON.parse((await streamed.run('stats', '--format', 'json', 'box')).stdout)).toEqual(stats);
    streamed.stop();
    const { run } = await fakeApi({ 'GET /containers/box/stats': { stats } });
    const { stdout } = await run('stats', '--no-stream', 'box');
    expect(stdout).toMatch(/^NAME\s+CPU %\s+MEM USAGE/);
    expect(stdout).toMatch(/\nbox\s+12\.50\s.*\s50\.00\s.*\s3\n$/);
    expect(await run('stats')).toMatchObject({ code: 240 });
  });
});
