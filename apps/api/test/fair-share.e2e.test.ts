import { images, until } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGate } from './gate.ts';
import { startTokenService, type TokenService } from './tokens/token-service.ts';

const maxWorkers = 4;
let tokens: TokenService;
let name: string;
beforeAll(async () => {
  tokens = await startTokenService({ MAX_WORKERS: `${maxWorkers}` });
  name = await startContainer(images.plain);
});
afterAll(() => tokens.stop());

describe('a token that has submitted more long commands than MAX_WORKERS', () => {
  // Steps: ten commands of one token wait for a gate; another token is served meanwhile; the gate opens, and all ten end.
  it('leaves workers to other tokens, and has all its commands run', async () => {
    const greedy = await tokens.createCaller('greedy', 'exec,metrics');
    const other = await tokens.createCaller('other', 'exec');
    const gate = createGate(name);
    const path = `/containers/${name}/exec`;
    const submitted = await Promise.all(
      Array.from({ length: 10 }, () => greedy('POST', path, { command: gate.wait }, { Prefer: 'respond-async' })),
    );
    const urls = submitted.map(({ headers }) => (headers.get('Location') ?? '').replace('/api/v1', ''));
    const statuses = async () => (await Promise.all(urls.map(url => greedy('GET', url)))).map(answer => answer.field('job.status'));
    const running = async () => (await statuses()).filter(status => status === 'running').length;
    await until(async () => (await running()) === maxWorkers - 1);

    expect((await other('POST', path, { command: 'echo served' })).field('execution.stdout')).toBe('served\n');
    expect(await running()).toBe(maxWorkers - 1);
    expect((await greedy('GET', '/metrics')).field('queue.waiting')).toBe(10 - (maxWorkers - 1));

    await gate.open();
    await until(async () => (await statuses()).every(status => status === 'succeeded'));
  });
});
