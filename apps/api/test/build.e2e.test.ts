import { images, sharedService, testPodman } from '@podman-api/testing';
import { uniqueContainerName } from '@podman-api/testing/containers';
import { fieldOf } from '@podman-api/testing/field';
import { afterAll, describe, expect, it } from 'vitest';
import { packFiles } from './transfers/pack-files.ts';
import { transfer } from './transfers/transfer-client.ts';

const { url, call } = sharedService();

const tags: string[] = [];
afterAll(async () => {
  await testPodman().run(['rmi', '--ignore', '--', ...tags]);
});

/** Builds an image of the files of a context, which is removed after the tests. */
async function build(files: Readonly<Record<string, string>>, query: Readonly<Record<string, string>> = {}) {
  const tag = `localhost/${uniqueContainerName()}:1`;
  tags.push(tag);
  const body = await packFiles(files);
  return { tag, response: await transfer(url, 'POST', `/images/build?${new URLSearchParams({ tag, ...query })}`, { body }) };
}

describe('POST /images/build', () => {
  it('builds an image of a context, with an argument that is in no list of arguments', async () => {
    const containerfile = `FROM ${images.busybox}\nARG TOKEN\nCOPY file /file\nRUN echo "length \${#TOKEN}" && cat /file >/copy\n`;
    const { tag, response } = await build({ Dockerfile: containerfile, file: 'content' }, { build_arg: 'TOKEN=four', memory: '64m' });
    expect(response).toMatchObject({ status: 201, body: { image: { reference: tag, size: expect.any(Number) } } });
    const output = await fetch(`${url}/api/v1/jobs/${fieldOf(response.body, 'job_id')}/output`, { headers: { Accept: 'text/plain' } });
    expect(await output.text()).toContain('length 4');
    const run = await call('POST', '/runs', { image: tag, command: ['cat', '/copy'], network: 'none' });
    expect(run.field('run.stdout')).toBe('content');
  });

  it('returns errors that say what is wrong, and leaves nothing', async () => {
    const failed = await build({ Containerfile: `FROM ${images.busybox}\nRUN exit 3\n` });
    expect(failed.response).toMatchObject({ status: 400, body: { error: { message: expect.stringMatching(/exit status 3/) } } });
    const refused = await build({ Containerfile: `FROM ${images.busybox}\nRUN --mount=type=bind,target=/x true\n` });
    expect(refused.response).toMatchObject({ status: 400, body: { error: { details: [{ path: 'body' }] } } });
    expect((await build({ Containerfile: 'FROM tarball:package.json' })).response).toMatchObject({
      status: 400,
      body: { error: { details: [{ path: 'body', message: expect.stringContaining('must be an image reference') }] } },
    });
    expect((await build({ other: '' })).response).toMatchObject({ status: 400, body: { error: { details: [{ path: 'file' }] } } });
    expect((await build({ Containerfile: 'FROM localhost/podman-api/missing' })).response).toMatchObject({ status: 404 });
    expect(await testPodman().run(['ps', '--all', '--external', '--format={{.Names}}'])).not.toContain('working-container');
  });
});
