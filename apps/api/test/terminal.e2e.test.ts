import { sharedContainer, sharedService, testPodman, until } from '@podman-api/testing';
import { describe, expect, it } from 'vitest';
import { openTerminal, refusedUpgrade } from './terminals/terminal-client.ts';

const { call, url } = sharedService();
const podman = testPodman();

describe('GET /containers/:name/terminal', () => {
  it('opens a shell with a size, whose exit code arrives after all output', async () => {
    const name = sharedContainer('busybox');
    const client = openTerminal(url, `/containers/${name}/terminal?cols=111&rows=33`);
    const { session } = await client.message('ready');
    // Keys and sizes reach the container independently, so a command may still see the old size.
    const awaitSize = (size: string) =>
      until(() => {
        client.type('stty size; echo $((40+2))\n');
        return client.output().includes(size);
      });
    await awaitSize('33 111');
    await until(() => client.output().includes('42'));
    client.send({ type: 'resize', cols: 99, rows: 22 });
    await awaitSize('22 99');
    client.type('exit 3\n');
    expect(await client.waitForClose()).toBe(1000);
    expect(client.messages.at(-1)).toEqual({ type: 'exit', exit_code: 3 });
    expect((await call('GET', `/jobs/${session}?wait=300`)).body).toMatchObject({ job: { status: 'succeeded', result: { exit_code: 3 } } });
  });

  it('continues after a lost connection where the client was, and another client can take it over', async () => {
    const name = sharedContainer('busybox');
    const path = `/containers/${name}/terminal`;
    const first = openTerminal(url, `${path}?command=sh`);
    const { session } = await first.message('ready');
    first.type('echo one-$((40+2))\n');
    await until(() => first.output().includes('one-42'));
    const since = Buffer.byteLength(first.output());
    first.socket.terminate();

    const second = openTerminal(url, `${path}?session=${session}&since=${since}&takeover=true`);
    expect(await second.message('ready')).toMatchObject({ offset: since });
    second.type('echo two-$((40+3))\n');
    await until(() => second.output().includes('two-43'));
    expect(second.output()).not.toContain('one-42');

    const refused = openTerminal(url, `${path}?session=${session}`);
    expect(await refused.waitForClose()).toBe(4409);
    const third = openTerminal(url, `${path}?session=${session}&takeover=true`);
    await third.message('ready');
    expect(await second.waitForClose()).toBe(4409);
    await until(() => third.output().includes('one-42') && third.output().includes('two-43'));
    third.type('exit\n');
    expect(await third.waitForClose()).toBe(1000);
  });

  it('keeps stdout and stderr apart without a terminal, and ends stdin', async () => {
    const name = sharedContainer('busybox');
    const command = encodeURIComponent('cat; echo done >&2; exit 5');
    const client = openTerminal(url, `/containers/${name}/terminal?tty=false&command=${command}`);
    await client.message('ready');
    client.type('one\n');
    await until(() => client.output() === '\x01one\n');
    client.send({ type: 'end_stdin' });
    expect(await client.message('exit')).toEqual({ type: 'exit', exit_code: 5 });
    expect(client.output()).toBe('\x01one\n\x02done\n');
  });

  it('speaks the protocol of Kubernetes', async () => {
    const name = sharedContainer('busybox');
    const client = openTerminal(url, `/containers/${name}/terminal?command=sh`, { protocols: ['v4.channel.k8s.io', 'v5.channel.k8s.io'] });
    await until(() => client.output().startsWith('\x01'));
    expect(client.socket.protocol).toBe('v5.channel.k8s.io');
    client.type('\x04{"Width":99,"Height":22}');
    // Keys and sizes reach the container independently.
    await until(() => {
      client.type('\x00stty size\n');
      return client.output().includes('22 99');
    });
    client.type('\x00exit 4\n');
    expect(await client.waitForClose()).toBe(1000);
    expect(client.output()).toContain('"reason":"ExitCode","message":"4"');
  });

  it('ends the command in the container when the client closes the connection', async () => {
    const name = sharedContainer('busybox');
    const client = openTerminal(url, `/containers/${name}/terminal?command=sleep&command=4367`);
    const { session } = await client.message('ready');
    client.socket.close(1000);
    expect((await call('GET', `/jobs/${session}?wait=300`)).body).toMatchObject({ job: { status: 'cancelled' } });
    expect(await podman.run(['exec', '--', name, 'ps'])).not.toContain('sleep 4367');
  });

  it('reports errors of the job by a message', async () => {
    const client = openTerminal(url, '/containers/no-such-container/terminal');
    expect(await client.message('error')).toMatchObject({ error: { code: 404, type: 'NotFoundError' } });
    expect(await client.waitForClose()).toBe(4404);
  });

  it('refuses what is not valid by an HTTP response', async () => {
    const name = sharedContainer('busybox');
    const path = `/containers/${name}/terminal`;
    expect(await call('GET', path)).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('WebSocket') } } });
    expect(await refusedUpgrade(url, `${path}?cols=0`)).toMatchObject({ status: 400, body: expect.stringContaining('"path":"cols"') });
    const environment = (value: string) => refusedUpgrade(url, path, { 'X-Podman-Api-Environment': value });
    expect(await environment('{"1A":"x"}')).toMatchObject({ status: 400, body: expect.stringContaining('"path":"environment.1A"') });
    expect(await environment('{')).toMatchObject({ status: 400, body: expect.stringContaining('"path":"environment"') });
    expect(await refusedUpgrade(url, `${path}?session=x_1`)).toMatchObject({ status: 404 });
    expect(await refusedUpgrade(url, path, { Origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await refusedUpgrade(url, path, {}, ['v1.channel.k8s.io'])).toMatchObject({ status: 400 });
    expect(await refusedUpgrade(url, '/no-such-route')).toMatchObject({ status: 404 });
  });
});
