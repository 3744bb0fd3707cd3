import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { images, startFleet, type TestFleet, until } from '@podman-api/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { create, expiryOf, hourSeconds, isGone, listNames, newName, onlyNode, renew, withEnoughTime } from './ttl/expiring-containers.ts';

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startFleet({ a: {} });
});
afterAll(() => fleet.stop());

const call: TestFleet['call'] = (...request) => fleet.call(...request);

describe('a container with a ttl', () => {
  it('is removed when it expires, with a line in the audit log, and its name can be used again', async () => {
    const name = newName();
    await create(fleet, name, 2);
    await until(() => isGone(fleet, name));
    const lines = () => readFileSync(fleet.env['AUDIT_LOG'] ?? '', 'utf8').split('\n');
    await until(() => lines().filter(line => line.includes('container.expire') && line.includes(name)).length === 1);
    await create(fleet, name);
    expect((await call('DELETE', `/containers/${name}?force=true`)).status).toBe(200);
  });

  // Steps: a worker dies before two containers expire; one of them is replaced; the worker starts after their time.
  it('is removed by a worker that starts after it expired, but not a container that took its name', async () => {
    const [late, taken] = [newName(), newName()];
    const expires = await withEnoughTime(async ttl => {
      for (const name of [late, taken]) await create(fleet, name, hourSeconds);
      const end = Math.max(await renew(fleet, late, ttl), await renew(fleet, taken, ttl));
      await onlyNode(fleet).worker.end('SIGKILL');
      const names = await listNames(fleet);
      if (names.includes(late) && names.includes(taken)) return end;
      onlyNode(fleet).restart();
      await until(async () => !(await listNames(fleet)).some(name => name === late || name === taken));
      return undefined;
    });
    await onlyNode(fleet).podman.run(['rm', '--force', '--time=0', taken]);
    await onlyNode(fleet).podman.run(['run', '--detach', '--network=none', `--name=${taken}`, images.plain, 'sleep', '600']);
    await until(() => Date.now() > expires);
    expect(await listNames(fleet)).toContain(late);
    onlyNode(fleet).restart();
    await until(async () => !(await listNames(fleet)).includes(late));
    // A container that expires later is removed after all that expired before.
    const later = newName();
    await until(async () => (await call('GET', '/health')).status === 200);
    await create(fleet, later, 1);
    await until(() => isGone(fleet, later));
    expect(await listNames(fleet)).toContain(taken);
  });

  it('does not pass its ttl on to a container that is started from an image of it', async () => {
    const [name, byHand, byService] = [newName(), newName(), newName()];
    const image = `localhost/${name}`;
    await create(fleet, name, hourSeconds);
    await onlyNode(fleet).podman.run(['commit', '--quiet', name, image]);
    await onlyNode(fleet).podman.run(['run', '--detach', '--network=none', `--name=${byHand}`, image, 'sleep', '600']);
    const own = { image, network: 'none', command: 'sleep 600', name: byService, ttl: hourSeconds };
    expect((await call('POST', '/containers', own)).status).toBe(201);
    expect([await expiryOf(fleet, name), await expiryOf(fleet, byService)]).toEqual([expect.any(String), expect.any(String)]);
    expect(await expiryOf(fleet, byHand)).toBeNull();
    const listed = JSON.stringify((await call('GET', `/containers?name=${byHand}`)).field('containers'));
    expect(listed).toContain('"expires_at":null');
  });

  it('is removed while Redis is unavailable', async () => {
    const name = newName();
    await withEnoughTime(async ttl => {
      await create(fleet, name, ttl);
      await fleet.redis.kill();
      if ((await listNames(fleet)).includes(name)) return true;
      await fleet.redis.restart();
      await until(() => isGone(fleet, name));
      return undefined;
    });
    await until(async () => !(await listNames(fleet)).includes(name));
    await fleet.redis.restart();
    await until(() => isGone(fleet, name));
  });
});

describe('POST /containers/:name/renew', () => {
  it('replaces the time at which a container expires', async () => {
    const renewed = await withEnoughTime(async ttl => {
      const name = newName();
      await create(fleet, name, ttl);
      const response = await call('POST', `/containers/${name}/renew`, { ttl: hourSeconds });
      if (response.status === 404) return undefined;
      expect(Date.parse(String(response.field('container.expires_at')))).toBeGreaterThan(Date.now() + (hourSeconds - 100) * 1000);
      return { name, ttl };
    });
    // Another container that expires later than the first one would have.
    const other = newName();
    await create(fleet, other, renewed.ttl);
    await until(() => isGone(fleet, other));
    expect((await call('GET', `/containers/${renewed.name}`)).status).toBe(200);
  });
});

describe('a container that was created with --rm', () => {
  it("is removed by the worker if podman's own clean-up did not happen", async () => {
    const { podman } = onlyNode(fleet);
    const name = newName();
    const conmon = join(mkdtempSync(join(tmpdir(), 'podman-api-test-')), 'conmon');
    // Conmon runs the command of --exit-command, with each --exit-command-arg, once the container has exited.
    const script = [
      '#!/bin/sh',
      'isValue=false',
      'for arg; do',
      '  shift',
      '  case $isValue$arg in false--exit-command*) isValue=true ;; true*) isValue=false ;; *) set -- "$@" "$arg" ;; esac',
      'done',
      'exec conmon "$@"',
    ];
    writeFileSync(conmon, script.join('\n'), { mode: 0o755 });
    const args = [`--conmon=${conmon}`, 'run', '--detach', '--rm', '--network=none', `--name=${name}`, '--label=podman-api.job=test'];
    await podman.run([...args, images.plain, 'true']);
    await until(() => isGone(fleet, name));
    const audit = readFileSync(fleet.env['AUDIT_LOG'] ?? '', 'utf8');
    expect(audit.split('\n').filter(line => line.includes('container.auto_remove') && line.includes(name))).toHaveLength(1);
    rmSync(dirname(conmon), { recursive: true });
  });
});
