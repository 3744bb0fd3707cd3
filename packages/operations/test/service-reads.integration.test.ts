import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { images, testPodman, testPodmanService, until } from '@podman-api/testing';
import { uniqueContainerName, uniqueNetworkName } from '@podman-api/testing/containers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  dockerInspectImage,
  dockerListContainers,
  dockerListImages,
  dockerListNetworks,
  findOperation,
  type Operation,
  type RequestedTask,
} from '../src/index.ts';
import { context } from './recording-podman.ts';

const operation = (name: string): Operation => {
  const found = findOperation(name);
  if (!found) throw new Error(`there is no operation ${name}`);
  return found;
};

/** Removes the creation of podman's default network, `bridge` for Docker: with netavark, it is the start of podman's process. */
const withoutVaryingTimes = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer, (_, value) =>
      value?.name === 'podman' || value?.Name === 'bridge' ? { ...value, created: undefined, Created: undefined } : value,
    ),
  );

describe("reads of images and networks by podman's service", () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
  const service = testPodmanService(join(folder, 'sockets'));
  const verbs: string[] = [];
  const onCommand = ({ verb }: { readonly verb: string }) => {
    verbs.push(verb);
    return () => {};
  };
  const byService = testPodman(4, { service, onCommand });
  const byCommand = testPodman();
  const [first, second] = [`localhost/${uniqueContainerName()}:1`, `localhost/${uniqueContainerName()}:2`];
  const network = uniqueNetworkName();
  const container = uniqueContainerName();
  let created: string;

  beforeAll(async () => {
    await byCommand.run(['tag', images.busybox, first, second]);
    await byCommand.run(['network', 'create', '--internal', '--label=note=<&>', '--', network]);
    const args = ['create', `--name=${container}`, '--pull=never', `--network=${network}`, '--label=note=<&>', '--env=A=b c'];
    created = (await byCommand.run([...args, '--', images.busybox, 'sleep', '600'])).trim();
  });
  beforeEach(async () => {
    await until(() => service.query('/networks/json'));
    verbs.length = 0;
  });
  afterAll(async () => {
    await service.stop();
    await byCommand.run(['rmi', '--', first, second]);
    rmSync(folder, { recursive: true });
  });

  /**
   * Runs a check until its reads ran no process. On a busy host, the service may need longer than its time limit, and the command is run
   * instead.
   * @param allowed commands that the service does not replace
   */
  const byServiceAlone = (check: () => Promise<boolean>, allowed: readonly string[] = []) =>
    until(async () => {
      await until(() => service.query('/networks/json'));
      verbs.length = 0;
      return (await check()) && verbs.every(verb => allowed.includes(verb));
    });

  /**
   * Reads by the service and by the command. Other tests may change something between the reads, or add something and remove it again, so
   * that only a difference that stays is one.
   */
  const expectSame = (task: Operation | RequestedTask, input: object) => {
    let differences = 0;
    const check = async () => {
      const before = withoutVaryingTimes(await task.run(byCommand, input, context));
      const answer = withoutVaryingTimes(await task.run(byService, input, context));
      const after = withoutVaryingTimes(await task.run(byCommand, input, context));
      if (JSON.stringify(before) !== JSON.stringify(after)) return false;
      if (!isDeepStrictEqual(answer, before)) {
        differences += 1;
        if (differences < 5) return false;
      }
      expect(answer).toEqual(before);
      return true;
    };
    return byServiceAlone(check, ['info', 'ps']);
  };

  it.each<[string, Operation | RequestedTask, () => object]>([
    ['image.list', operation('image.list'), () => ({})],
    ['image.list with a filter', operation('image.list'), () => ({ reference: first })],
    ['image.inspect by name', operation('image.inspect'), () => ({ reference: second })],
    ['image.inspect of another image', operation('image.inspect'), () => ({ reference: images.debian })],
    ['docker.list_images', dockerListImages, () => ({})],
    ['docker.inspect_image', dockerInspectImage, () => ({ reference: first })],
    ['network.list', operation('network.list'), () => ({})],
    ['network.inspect', operation('network.inspect'), () => ({ name: network })],
    ["network.inspect of podman's default network", operation('network.inspect'), () => ({ name: 'podman' })],
    ['docker.list_networks', dockerListNetworks, () => ({})],
    ['docker.list_containers with a network', dockerListContainers, () => ({ all: true, network: [network] })],
  ])('are the same as by the command, without its process: %s', async (_name, task, input) => {
    await expectSame(task, input());
  });

  it('finds an image by its id and by a short id', async () => {
    const [{ Id: id }] = JSON.parse(await byCommand.run(['image', 'inspect', '--', first]));
    for (const reference of [id, id.slice(0, 12), `sha256:${id}`]) await expectSame(operation('image.inspect'), { reference });
    await expect(operation('image.inspect').run(byService, { reference: id.slice(0, 6) }, context)).rejects.toMatchObject({ status: 404 });
  });

  it('shows each change of another podman process at once', async () => {
    const inspect = operation('image.inspect');
    for (let round = 0; round < 5; round += 1)
      await byServiceAlone(async () => {
        const name = `localhost/${uniqueContainerName()}:3`;
        await byCommand.run(['tag', first, name]);
        expect(await inspect.run(byService, { reference: first }, context)).toMatchObject({ references: expect.arrayContaining([name]) });
        expect(JSON.stringify(await operation('image.list').run(byService, {}, context))).toContain(name);
        await byCommand.run(['rmi', '--', name]);
        expect(JSON.stringify(await operation('image.list').run(byService, {}, context))).not.toContain(name);
        const other = uniqueNetworkName();
        await byCommand.run(['network', 'create', '--internal', '--', other]);
        expect(await operation('network.inspect').run(byService, { name: other }, context)).toMatchObject({ name: other, in_use: false });
        expect(JSON.stringify(await dockerListNetworks.run(byService, {}, context))).toContain(other);
        await byCommand.run(['network', 'rm', '--', other]);
        expect(JSON.stringify(await dockerListNetworks.run(byService, {}, context))).not.toContain(other);
        return true;
      });
  });

  it('shows that a container uses a network', async () => {
    expect(await operation('network.inspect').run(byService, { name: network }, context)).toMatchObject({
      in_use: true,
      containers: [container],
    });
    const listed = await dockerListContainers.run(byService, { all: true, network: [network] }, context);
    expect(listed).toMatchObject([{ Id: created }]);
  });

  it('runs the command for what the service does not know, or does not answer as expected', async () => {
    const missing = uniqueContainerName();
    await expect(operation('network.inspect').run(byService, { name: missing }, context)).rejects.toMatchObject({ status: 404 });
    await expect(operation('image.inspect').run(byService, { reference: `localhost/${missing}` }, context)).rejects.toMatchObject({
      status: 404,
    });
    expect(verbs).toEqual(['network inspect', 'image inspect']);
    const unexpected = { path: '/networks/json', toOutput: () => JSON.parse('{') };
    expect(await byService.run(['network', 'ls', '--format={{.Name}}'], { query: unexpected })).toContain(network);
  });

  it('ends with its signal', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(operation('image.list').run(byService, {}, { ...context, signal })).rejects.toThrow('cancelled');
  });

  it('runs the command for a list by which networks are removed', async () => {
    await dockerListNetworks.run(byService, { exact: true }, context);
    expect(verbs).toEqual(['network ls']);
  });
});
