import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { images, sharedService, testPodman, until } from '@podman-api/testing';
import { startContainer, uniqueContainerName } from '@podman-api/testing/containers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCommandLine } from './command-line.ts';
import { createTestFolder } from './test-folder.ts';

const folder = createTestFolder();
const site = join(folder, 'site');
let podmanApi: ReturnType<typeof createCommandLine>;
beforeAll(() => {
  podmanApi = createCommandLine(sharedService().url);
  mkdirSync(join(site, 'below', 'empty'), { recursive: true });
  writeFileSync(join(site, 'below', 'page.html'), '<h1>');
  chmodSync(join(site, 'below', 'page.html'), 0o640);
  symlinkSync('below/page.html', join(site, 'link'));
  execFileSync('mkfifo', [join(site, 'pipe')]);
});

const done = { code: 0, stdout: '', stderr: '' };
const leftOut = { ...done, stderr: expect.stringMatching(/site\/pipe is left out/) };

describe('podman-api cp of a directory', () => {
  it('copies it into a directory, to a new name, and its content alone', async () => {
    const name = await startContainer(images.busybox);
    const list = async (path: string) => (await podmanApi.run('exec', name, 'find', path)).stdout.trimEnd().split('\n').sort();
    const content = ['', '/below', '/below/empty', '/below/page.html', '/link'];
    for (const [source, target, copy] of [
      [site, '/tmp', '/tmp/site'],
      [site, '/srv2', '/srv2'],
      [`${site}/.`, '/srv3/', '/srv3'],
      [`${site}/`, '/srv3', '/srv3/site'],
    ] as const) {
      expect(await podmanApi.run('cp', source, `${name}:${target}`)).toEqual(leftOut);
      if (copy !== '/srv3/site') expect(await list(copy)).toEqual(content.map(path => copy + path));
    }
    expect(await list('/srv3')).toContain('/srv3/site/below/page.html');
    const { stdout } = await podmanApi.run('exec', name, 'stat', '-c', '%a %u %g', '/tmp/site/below/page.html');
    expect(stdout).toBe('640 0 0\n');
    await podmanApi.run('exec', name, 'ln', '-s', '/srv2', '/to-srv2');
    expect(await podmanApi.run('cp', site, `${name}:/to-srv2`)).toEqual(leftOut);
    expect(await list('/srv2')).toContain('/srv2/site/link');
  });

  it('is refused with a reason, and changes nothing', async () => {
    const name = await startContainer(images.busybox);
    for (const [args, code, message] of [
      [[site, `${name}:/etc/passwd`], 241, '/etc/passwd is a file'],
      [[site, `${name}:/nowhere/site`], 241, '/nowhere does not exist'],
      [[site, `${uniqueContainerName()}:/tmp`], 241, 'There is no container'],
      [['--mode', '644', site, `${name}:/tmp`], 240, '--mode and --owner are for files'],
      [[`${name}:/etc`, join(site, 'below', 'page.html')], 240, 'page.html is a file'],
      [[`${name}:/etc`, join(folder, 'no', 'where')], 240, 'is not a directory: create it first'],
      [[`${name}:/nowhere`, join(folder, 'x')], 241, 'does not exist'],
    ] as const) {
      expect(await podmanApi.run('cp', ...args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    }
    expect(readdirSync(folder)).toEqual(['site']);
  });

  it('copies it out of a container that is not running, merges it, and leaves no partial copy', async () => {
    const name = await startContainer(images.busybox);
    await podmanApi.run('cp', site, `${name}:/tmp`);
    await podmanApi.run('exec', name, 'ln', '-s', '/tmp/site', '/to-site');
    await podmanApi.run('stop', '--time', '0', name);
    const out = join(folder, 'out');
    expect(await podmanApi.run('cp', `${name}:/tmp/site`, out)).toEqual(done);
    expect(readdirSync(out).sort()).toEqual(['below', 'link']);
    expect(statSync(join(out, 'below', 'page.html')).mode & 0o777).toBe(0o640);

    writeFileSync(join(out, 'below', 'own'), 'kept');
    writeFileSync(join(out, 'below', 'page.html'), 'replaced');
    expect(await podmanApi.run('cp', `${name}:/to-site/.`, out)).toEqual(done);
    expect(readFileSync(join(out, 'below', 'own'), 'utf8')).toBe('kept');
    expect(readFileSync(join(out, 'below', 'page.html'), 'utf8')).toBe('<h1>');

    rmSync(join(out, 'link'));
    mkdirSync(join(out, 'link'));
    writeFileSync(join(out, 'below', 'page.html'), 'untouched');
    const refused = await podmanApi.run('cp', `${name}:/tmp/site/.`, out);
    expect(refused).toMatchObject({ code: 240, stderr: expect.stringContaining('link is a directory: a file cannot replace it') });
    expect(readFileSync(join(out, 'below', 'page.html'), 'utf8')).toBe('untouched');
    expect(readdirSync(folder).sort()).toEqual(['out', 'site']);
  });
});

describe('podman-api build', () => {
  const context = () => {
    const path = join(folder, uniqueContainerName());
    mkdirSync(path);
    return path;
  };

  it('builds the image of a directory, shows what podman prints, and prints the id', async () => {
    const [path, tag] = [context(), `localhost/${uniqueContainerName()}:1`];
    writeFileSync(join(path, 'Containerfile'), `FROM ${images.plain}\nARG V\nCOPY . /srv/\nRUN echo "built $V"; ls /srv\n`);
    writeFileSync(join(path, 'page.html'), '');
    writeFileSync(join(path, 'notes.txt'), '');
    writeFileSync(join(path, '.containerignore'), '*.txt\n');
    const { code, stdout, stderr } = await podmanApi.run('build', '--tag', tag, '--build-arg', 'V=7', path);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{12}\n$/) });
    expect(stderr).toMatch(/^STEP 1\/4: FROM[\s\S]*^built 7\nContainerfile\npage.html\n/m);
    expect((await podmanApi.run('rmi', tag)).code).toBe(0);
    const archived = await podmanApi.shell(`tar -C ${path} -c . | podman-api build --quiet --tag ${tag} -`);
    expect(archived).toEqual({ code: 0, stdout: expect.stringMatching(/^[0-9a-f]{12}\n$/), stderr: '' });
    expect((await podmanApi.run('rmi', tag)).code).toBe(0);
  });

  it('says which step has failed, after its output', async () => {
    const path = context();
    writeFileSync(join(path, 'Dockerfile'), `FROM ${images.plain}\nRUN echo this is why; exit 7\n`);
    const { code, stdout, stderr } = await podmanApi.run('build', '-t', `localhost/${uniqueContainerName()}:1`, path);
    expect({ code, stdout }).toEqual({ code: 241, stdout: '' });
    expect(stderr).toMatch(/^this is why\n[\s\S]*^podman-api: The build failed: building at STEP "RUN .*exit status 7\n$/m);
  });

  it('is cancelled by Ctrl-C, and leaves nothing', async () => {
    const [path, tag] = [context(), `localhost/${uniqueContainerName()}:1`];
    writeFileSync(join(path, 'Containerfile'), `FROM ${images.plain}\nRUN echo started; sleep 600\n`);
    const building = podmanApi.start('build', '-t', tag, path);
    await building.waitForOutput('started');
    building.process.kill('SIGINT');
    expect(await building.result).toMatchObject({ code: 130, stdout: '' });
    await until(async () => !(await testPodman().run(['ps', '--all', '--external', '--format={{.Command}}'])).includes('buildah'));
    expect((await podmanApi.run('image', 'inspect', tag)).code).toBe(241);
    expect(existsSync(path)).toBe(true);
  });
});
