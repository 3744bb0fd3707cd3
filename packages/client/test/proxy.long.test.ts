import { images, type Service, startFleet, startService, type TestFleet, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { findDockerCli } from '@podman-api/testing/docker-cli';
import { findDockerCompose } from '@podman-api/testing/docker-compose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';

const docker = findDockerCli() ?? 'docker';
let service: Service;
let fleet: TestFleet;
const urls = new Map<string, string>();
beforeAll(async () => {
  service = await startService();
  urls.set('one node', service.url);
  fleet = await startFleet({ a: {}, b: {}, c: {} });
  urls.set('three nodes', fleet.apis[0].url);
});
afterAll(async () => {
  await fleet.stop();
  await service.stop();
});

describe.each(['one node', 'three nodes'])('podman-api proxy with %s', where => {
  const commandLine = () => createCommandLine(urls.get(where) ?? '');
  /** Runs lines of shell behind the proxy, in which `docker` is Docker's command line. */
  const run = (script: string, ...flags: readonly string[]) =>
    commandLine().run('proxy', ...flags, '--', 'sh', '-euc', `docker() { ${docker} "$@"; }\n${script}`);
  /** Returns whether the lists of containers, of networks and of volumes contain a name. */
  const findAll = async (name: string) => {
    const lists = await Promise.all(['ps -a', 'network ls', 'volume ls'].map(list => commandLine().run(...list.split(' '))));
    return lists.map(({ stdout }) => stdout.includes(name));
  };

  it('passes on the exit code of the command, and its output', async () => {
    expect(await run(`docker run --rm ${images.busybox} sh -c 'echo out; echo err >&2; exit 5'`)).toEqual({
      code: 5,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('keeps all of a session on one node, and removes it at the end', async () => {
    const name = uniqueContainerName();
    const result = await run(`
      docker network create ${name}-net >/dev/null
      docker volume create ${name}-data >/dev/null
      docker run -d --name ${name}-db --network ${name}-net --network-alias db -v ${name}-data:/data ${images.busybox} \\
        sh -c 'echo hello >/data/index.html; exec httpd -f -p 8080 -h /data' >/dev/null
      docker run --rm --network ${name}-net -v ${name}-data:/data ${images.busybox} \\
        sh -c 'until wget -q -O - http://db:8080/; do :; done; cat /data/index.html'
    `);
    expect(result).toEqual({ code: 0, stdout: 'hello\nhello\n', stderr: '' });
    expect(await findAll(name)).toEqual([false, false, false]);
  });

  it('passes stdin on to a command, and its end', async () => {
    expect(await run(`echo hello | docker run --rm -i ${images.busybox} sh -c 'cat; exit 3'`)).toEqual({
      code: 3,
      stdout: 'hello\n',
      stderr: '',
    });
  });

  it('removes what docker compose has left', async () => {
    const name = uniqueContainerName();
    const file = `services: { web: { image: ${images.busybox}, command: sleep 600, volumes: [data:/data] } }\nvolumes: { data: {} }\n`;
    const up = await run(`printf '${file.replaceAll('\n', '\\n')}' | ${findDockerCompose()} --project-name ${name} --file - up --detach`);
    expect(up, up.stderr).toMatchObject({ code: 0, stderr: expect.stringContaining(`${name}-web-1  Started`) });
    expect(await findAll(name)).toEqual([false, false, false]);
  });

  it('forwards published ports, and each half-close of a connection', async () => {
    const name = uniqueContainerName();
    const bytes = 5_000_000;
    // The container sends back all that it has received when the client has half-closed the connection.
    const result = await run(`
      docker run -d --name ${name} -p 127.0.0.1::7 ${images.busybox} nc -lk -p 7 -e tac >/dev/null
      node -e '${echoScript(bytes)}' "$(docker port ${name} 7/tcp | sed 's/.*://')"
    `);
    expect(result).toEqual({ code: 0, stdout: `${bytes} true\n`, stderr: '' });
  });

  it('removes everything after it was killed', async () => {
    const name = uniqueContainerName();
    const proxy = commandLine().start(
      'proxy',
      '--',
      'sh',
      '-c',
      `${docker} run -d --name ${name} ${images.busybox} sleep 600; exec sleep 30`,
    );
    await until(async () => (await findAll(name))[0]);
    await proxy.end('SIGKILL');
    await until(async () => !(await findAll(name))[0]);
  });

  it('passes on signals', async () => {
    const proxy = commandLine().start('proxy', '--', 'sh', '-c', 'trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done');
    await proxy.waitForOutput('ready');
    expect(await proxy.end('SIGTERM')).toBe(7);
  });
});

/** Returns a program that sends bytes to a port, half-closes the connection, and compares what comes back. */
function echoScript(bytes: number): string {
  return `
    const socket = require("net").connect({ port: Number(process.argv[1]), host: "127.0.0.1", allowHalfOpen: true });
    const sent = Buffer.alloc(${bytes}, "0123456789abcde\\n");
    const received = [];
    socket.on("data", part => received.push(part)).on("end", () => {
      const all = Buffer.concat(received);
      console.log(all.length, all.length === sent.length);
    });
    socket.end(sent);`;
}
