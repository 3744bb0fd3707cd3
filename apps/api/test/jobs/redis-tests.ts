import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { describe, expect, it } from 'vitest';
import { readAllKeys } from '../canaries/redis.ts';
import { detached } from '../detached-jobs.ts';
import { type JobService, jobIdOf } from './job-service.ts';

const recordKeyOf = (id: string) => `podman-api:job:${id.replace(/^[^_]+/, '{$&}')}`;

/** Registers the tests of what jobs store in Redis, and of jobs that another program has stored there. */
export function testRedisContents(jobs: JobService): void {
  const { exec } = jobs;
  const redisCli = (...command: string[]) => jobs.service.redis.sendCommand(...command);
  const nodeOf = () => jobs.service.env['NODE_NAME'] ?? '';
  /** Returns the prefix of BullMQ's keys of the node's queue of commands; Redis Cluster keeps keys with the same braces together. */
  const queueKey = () => `bull:{${nodeOf()}}:podman-${nodeOf()}`;
  /** Runs a command to its end as a detached job. @returns the job's id */
  const runDetached = async (command: string) => {
    const id = jobIdOf(await exec(command, detached));
    await jobs.awaitJob(id);
    return id;
  };
  /** Returns the id of a job that was made `ageMs` ago. */
  const idOfAge = (ageMs: number) => `${nodeOf()}_${(Date.now() - ageMs).toString(16).padStart(12, '0')}${'f'.repeat(16)}`;

  describe('what is in Redis', () => {
    // Steps: copy the record of a job that ran, and change it to a job that was added 11 s ago and is in no queue.
    it('is withdrawn if it is a job that an API process added incompletely', async () => {
      const { call } = jobs.service;
      const whole = await runDetached('true');
      const half = idOfAge(11_000);
      await redisCli('COPY', recordKeyOf(whole), recordKeyOf(half));
      await redisCli('HDEL', recordKeyOf(half), 'finished_at', 'result', 'exit_code', 'started_at', 'worker');
      await redisCli('HSET', recordKeyOf(half), 'status', 'queued');
      await until(async () => (await call('GET', `/jobs/${half}`)).field('job.status') === 'withdrawn');
    });

    it('has the operation and container of a job in clear, and no secret', async () => {
      const canary = 'canary-7f3a9';
      const { call } = jobs.service;
      const created = `${jobs.container}-no`;
      await call('POST', '/containers', { image: 'localhost/not-there', name: created, environment: { A: canary }, pull_policy: 'never' });
      await call('POST', `/containers/${jobs.container}/exec`, { command: 'true', environment: { A: canary }, stdin: canary });
      await call('POST', `/containers/${jobs.container}/users`, { username: 'canary', password: canary });
      await call('POST', `/containers/${jobs.container}/files`, { dest_path: '/canary', content: canary });
      await call('POST', `/containers/${created}/files`, { dest_path: '/canary', content: canary });
      expect(jobs.service.api.output() + jobs.service.worker.output()).not.toContain(canary);

      const stored = await readAllKeys(await jobs.service.redis.masters());
      const keys = [...stored.keys()];
      expect(keys.filter(key => key.includes(':sealed:'))).toEqual([]);
      expect(keys.filter(key => stored.get(key)?.includes(canary))).toEqual([]);
      const files = globSync(join(jobs.service.redis.folder, '*/appendonlydir/*.incr.aof'));
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter(file => readFileSync(file, 'latin1').includes(canary))).toEqual([]);
      const job = keys.find(key => key.startsWith(`${queueKey()}:`) && /_[0-9a-f]{28}$/.test(key)) ?? '';
      expect(stored.get(job)?.toString()).toMatch(/"operation":"container\.\w+","container":"t-/);
    });

    it('is not trusted: a job that was not signed with the SECRET_KEY is not run', async () => {
      const { call } = jobs.service;
      const queue = queueKey();
      const right = await runDetached('echo x >>/forged');
      const forged = idOfAge(0);
      await redisCli('COPY', `${queue}:${right}`, `${queue}:${forged}`);
      await redisCli('HDEL', `${queue}:${forged}`, 'finishedOn', 'processedOn', 'returnvalue');
      await redisCli('LPUSH', `${queue}:wait`, forged);
      await redisCli('ZADD', `${queue}:marker`, '0', '0');
      await until(async () => (await call('GET', `/jobs/${forged}`)).field('job.status') === 'failed');
      expect((await call('GET', `/jobs/${forged}`)).field('job.error')).toMatchObject({
        type: 'InternalError',
        message: expect.stringContaining("without the worker's SECRET_KEY, so it was not run"),
      });
      expect((await exec('cat /forged')).field('execution.stdout')).toBe('x\n');
    });

    it('is not trusted: forged records remove no container, and forged messages end no process', async () => {
      const { call, api } = jobs.service;
      const foreignContainer = uniqueContainerName();
      const id = idOfAge(0);
      await testPodman().run(['create', `--name=${foreignContainer}`, `--label=podman-api.job=${id}`, images.plain, 'true']);
      const record = {
        operation: 'container.create',
        container: foreignContainer,
        node: nodeOf(),
        request_id: 'r',
        token: 'root',
      };
      const rest = { changes: 'true', created_at: new Date().toISOString(), status: 'running', worker: 'gone' };
      await redisCli('HSET', recordKeyOf(id), ...Object.entries({ ...record, ...rest }).flat());
      await redisCli('SADD', `podman-api:orphans:{${nodeOf()}}`, id);
      await until(async () => !(await redisCli('SMEMBERS', `podman-api:orphans:{${nodeOf()}}`)).includes(id));
      expect((await call('GET', `/containers/${foreignContainer}`)).status).toBe(200);

      const channels = (await jobs.service.redis.sendToAllMasters('PUBSUB', 'CHANNELS')).trim().split('\n');
      for (const channel of channels) await redisCli('PUBLISH', channel, 'x no json');
      // The outcome of this exec comes after the forged messages, on the same channel.
      expect((await exec('echo still here')).field('execution.stdout')).toBe('still here\n');
      expect(api.process.exitCode).toBeNull();
    });

    it('has the logs of a container encrypted', async () => {
      const logger = await startContainer(images.plain, 'sh', '-c', 'echo canary-log-51c; sleep 600');
      await until(
        async () => (await jobs.service.call('GET', `/containers/${logger}/logs`)).field('container.logs') === 'canary-log-51c\n',
      );
      const stored = [...(await readAllKeys(await jobs.service.redis.masters()))];
      const records = stored.filter(([key]) => key.startsWith('podman-api:job:')).map(([, value]) => value.toString('latin1'));
      expect(records.join()).toContain('sealed_result');
      expect(records.join()).not.toContain('canary-log-51c');
    });
  });
}
