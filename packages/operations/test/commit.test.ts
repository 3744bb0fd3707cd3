import { describe, expect, it } from 'vitest';
import { commit } from '../src/container/commit/index.ts';
import { enforcePolicy, validateInput } from '../src/index.ts';
import { imagePatternsOf } from '../src/policy/patterns.ts';
import { context, noCommitPauses, recordingPodman } from './recording-podman.ts';

const id = 'a'.repeat(64);

const refusalOf = (reference: string, allowed?: readonly string[]) => {
  const input = validateInput(commit, { name: 'web', reference });
  try {
    enforcePolicy(commit, input, { ...context.policy, images: imagePatternsOf(allowed) });
    return undefined;
  } catch (error) {
    return error;
  }
};
const forbidden = { status: 403, fields: { details: [{ path: 'reference', message: expect.stringMatching(/^reference: /) }] } };

describe('container.commit', () => {
  it.each([
    ['running', [id]],
    ['paused', []],
    ['exited', []],
  ])('records the pause of a container that is %s: %j', async (Status, expected) => {
    const podman = recordingPodman({
      run([verb, , format = '']) {
        if (verb === 'container')
          return format.startsWith('--format') ? Status : JSON.stringify([{ Id: id, State: { Status }, Config: {} }]);
        return verb === 'image' ? '[]' : id;
      },
    });
    const begun: string[] = [];
    const commitPauses = { ...noCommitPauses, begin: (container: string) => void begun.push(container) };
    await commit.run(podman, validateInput(commit, { name: 'web', reference: 'app' }), { ...context, commitPauses });
    expect(begun).toEqual(expected);
  });
});

describe('the name of a committed image', () => {
  it.each([['app'], ['app:1'], ['team/app:1'], ['localhost/app:1']])('may be %s', reference => {
    expect(refusalOf(reference)).toBeUndefined();
  });

  it.each([['docker.io/library/alpine'], ['quay.io/x:1'], ['localhost:5000/x'], ['10.0.0.1/x']])(
    'may not be %s, an image of a registry',
    reference => {
      expect(refusalOf(reference)).toMatchObject(forbidden);
    },
  );

  it.each([
    ['app:1', ['app:*']],
    ['app:1', ['localhost/*']],
    ['team/app:1', ['app:1']],
    ['x/alpine', ['alpine']],
    ['x/alpine:latest', ['alpine:*']],
    ['app', ['sha256:*']],
  ])('may not be %s if ALLOWED_IMAGES is %j, because a create would accept it', (reference, allowed) => {
    expect(refusalOf(reference, allowed)).toMatchObject(forbidden);
  });

  it('may be what no pattern of ALLOWED_IMAGES matches, and anything of the host if all images are allowed', () => {
    expect(refusalOf('mine/app:1', ['docker.io/library/*', 'alpine:*'])).toBeUndefined();
    expect(refusalOf('mine/app:1', ['*'])).toBeUndefined();
    expect(refusalOf('quay.io/app:1', ['*'])).toMatchObject(forbidden);
  });

  it.each([['x@sha256:'.concat('a'.repeat(64))], [`sha256:${'a'.repeat(64)}`], ['a'.repeat(64)], ['App'], ['--x']])(
    'is a 400 if it is %s',
    reference => {
      expect(() => validateInput(commit, { name: 'web', reference })).toThrow(expect.objectContaining({ status: 400 }));
    },
  );

  it.each([
    ['ENV A=b'],
    ['cmd x'],
    ['LABEL podman-api.ttl=1'],
    ['LABEL a=b "podman-api.job"=x'],
    ['CMD'],
    ['CMD a\nb'],
    ['RUN x'],
    ['EXPOSE abc'],
    ['EXPOSE 80 x'],
  ])('is refused with the instruction %j', change => {
    const input = { name: 'web', reference: 'app', changes: [change] };
    expect(() => validateInput(commit, input)).toThrow(
      expect.objectContaining({ fields: { details: [expect.objectContaining({ path: 'changes.0' })] } }),
    );
  });
});
