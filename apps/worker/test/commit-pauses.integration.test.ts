import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerOperations } from '@podman-api/operations';
import { findLimitsWarning, images, testPodman } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { context as recordingContext } from '../../../packages/operations/test/recording-podman.ts';
import { openCommitPauses } from '../src/containers/commit-pauses.ts';

const folder = mkdtempSync(join(tmpdir(), 'podman-api-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const podman = testPodman();
const commitPauses = openCommitPauses(folder);
const context = { ...recordingContext, commitPauses };
const { commit, pause } = containerOperations;

let name: string;
let id: string;
beforeAll(async () => {
  name = await startContainer(images.bare);
  id = await inspect('{{.Id}}');
});
/** Without limits podman can pause no container. */
const describeWithPause = describe.skipIf(findLimitsWarning() !== undefined);
const inspect = async (format: string) => (await podman.run(['container', 'inspect', `--format=${format}`, '--', name])).trim();
const recover = () => commit.recover?.(podman, { name, reference: 'app' }, context);

describeWithPause('the commit of a worker that died', () => {
  it('leaves the container running: another worker continues what the commit has paused', async () => {
    commitPauses.begin(id, context.job);
    await podman.run(['pause', '--', name]);
    await recover();
    expect([await inspect('{{.State.Status}}'), commitPauses.hasAny()]).toEqual(['running', false]);
  });

  it('leaves the container paused if a caller has paused it since', async () => {
    commitPauses.begin(id, context.job);
    await podman.run(['pause', '--', name]);
    await pause.run(podman, { name }, context);
    await recover();
    expect(await inspect('{{.State.Status}}')).toBe('paused');
  });
});

describeWithPause('the commit of a paused container', () => {
  it('leaves it paused, and records no pause of its own', async () => {
    expect(await inspect('{{.State.Status}}')).toBe('paused');
    const reference = `localhost/${name}:1`;
    const found: (string | undefined)[] = [];
    const watched: typeof podman = {
      ...podman,
      run(args, options) {
        if (args[0] === 'commit') found.push(commitPauses.find(context.job));
        return podman.run(args, options);
      },
    };
    await commit.run(watched, { name, reference }, context);
    await podman.run(['rmi', '--', reference]);
    expect([found, await inspect('{{.State.Status}}')]).toEqual([[undefined], 'paused']);
  });
});
