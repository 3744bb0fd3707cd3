import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { images, startApi, startChild, startService, type TestChild, until } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { findDockerCli } from '@podman-api/testing/docker-cli';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createToken } from '../src/tokens/commands.ts';
import { startTokenService, withToken } from './tokens/token-service.ts';

const program = fileURLToPath(new URL('../../../packages/client/bin/podman-api.mjs', import.meta.url));
const docker = findDockerCli() ?? 'docker';

/** Starts the proxy with lines of shell as its command, in which `docker` is Docker's command line. */
function startProxy(url: string, script: string, { flags = [], token }: { flags?: readonly string[]; token?: string } = {}): TestChild {
  const command = ['sh', '-euc', `docker() { ${docker} "$@"; }\n${script}`];
  return startChild(process.execPath, [program, 'proxy', ...flags, '--', ...command], {
    PODMAN_API_URL: url,
    ...(token !== undefined && { PODMAN_API_TOKEN: token }),
  });
}

describe('podman-api proxy and tokens', () => {
  it('adds the token, refuses web pages, and notes what it does in the audit log', async () => {
    const tokens = await startTokenService();
    onTestFinished(() => tokens.stop());
    const audit = { write() {} };
    const token = createToken(tokens.tokensFile, audit, 'ci', { scopes: 'containers:write,exec,images:write' });
    const reader = createToken(tokens.tokensFile, audit, 'reader', { scopes: 'containers:read' });
    const { url, call } = tokens.service;
    // Before the service has seen the first token it answers everybody; the second one was created after it.
    await until(async () => (await call('GET', '/jobs')).status === 401);
    await until(async () => (await withToken(call, reader)('GET', '/jobs')).status !== 401);
    const name = uniqueContainerName();

    const script = `
      docker run -d --name ${name} -p 127.0.0.1::80 ${images.busybox} httpd -f -p 80 -h /etc >/dev/null
      ${process.execPath} -e 'fetch("http://" + process.argv[1]).then(({ status }) => console.log("page", status))' "$(docker port ${name} 80/tcp)"
      base="http://\${DOCKER_HOST#tcp://}"
      ${process.execPath} -e 'fetch(process.argv[1] + "/containers/json", { headers: { Origin: "http://evil.example" } }).then(({ status }) => console.log("page of another origin", status))' "$base"
    `;
    const allowed = startProxy(url, script, { flags: ['--listen', 'tcp://127.0.0.1:0'], token });
    expect({ code: await allowed.ended, output: allowed.output() }).toEqual({ code: 0, output: 'page 404\npage of another origin 403\n' });
    const log = readFileSync(`${tokens.folder}/audit.log`, 'utf8');
    for (const operation of ['docker.create_container', 'docker.tunnel', 'docker.remove_labelled'])
      expect(log).toMatch(new RegExp(`"operation":"${operation}".*"token":"ci"|"token":"ci".*"operation":"${operation}"`));

    const refused = startProxy(url, 'exit 0', { token: reader });
    expect({ code: await refused.ended, output: refused.output() }).toEqual({
      code: 241,
      output: expect.stringContaining('containers:write'),
    });
    const wrong = startProxy(url, 'exit 0', { token: 'wrong' });
    expect({ code: await wrong.ended, output: wrong.output() }).toEqual({ code: 241, output: expect.stringContaining('PODMAN_API_TOKEN') });
  });
});

describe('a session of podman-api proxy', () => {
  it('is removed by another API process if its own has died', async () => {
    const service = await startService();
    const other = await startApi(service.env);
    const name = uniqueContainerName();
    const proxy = startProxy(service.url, `docker run -d --name ${name} ${images.busybox} sleep 600; exec sleep 600`);
    const isThere = async () => (await other.call('GET', `/containers/${name}`)).status === 200;
    await until(isThere);
    await service.api.end('SIGKILL');
    await until(async () => !(await isThere()));
    await proxy.end('SIGKILL');
    await other.api.end();
    await service.stop();
  });

  it('outlives a restart of its API process', async () => {
    const service = await startService();
    const port = new URL(service.url).port;
    const name = uniqueContainerName();
    const script = `
      docker run -d --name ${name} ${images.busybox} sleep 600 >/dev/null
      echo created
      while docker exec ${name} true 2>/dev/null; do sleep 0.1; done
      echo down
      until docker exec ${name} echo still there 2>/dev/null; do sleep 0.1; done
    `;
    const proxy = startProxy(service.url, script);
    await proxy.waitForOutput('created');
    await service.api.end();
    await proxy.waitForOutput('down');
    const again = await startApi({ ...service.env, PORT: port });
    expect({ code: await proxy.ended, output: proxy.output() }).toEqual({ code: 0, output: 'created\ndown\nstill there\n' });
    expect((await again.call('GET', `/containers/${name}`)).status).toBe(404);
    await again.api.end();
    await service.stop();
  });
});
