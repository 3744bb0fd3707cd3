import { describe, expect, it } from 'vitest';
import { findTask, operations, streamOperations, validateInput } from '../src/index.ts';

describe('operations', () => {
  it('declare every route of the contract once', () => {
    expect(operations.map(({ method, path, noun, status }) => `${method} ${path} ${status} ${noun}`).sort()).toEqual([
      'DELETE /containers/:name 200 container',
      'DELETE /containers/:name/files 200 file',
      'DELETE /images/:reference 200 image',
      'DELETE /networks/:name 200 network',
      'DELETE /volumes/:name 200 volume',
      'GET /containers 200 containers',
      'GET /containers/:name 200 container',
      'GET /containers/:name/archive 200 archive',
      'GET /containers/:name/changes 200 container',
      'GET /containers/:name/files 200 file',
      'GET /containers/:name/files/list 200 files',
      'GET /containers/:name/files/stat 200 file',
      'GET /containers/:name/logs 200 container',
      'GET /containers/:name/stats 200 stats',
      'GET /containers/:name/terminal 200 terminal',
      'GET /containers/:name/top 200 container',
      'GET /containers/:name/wait 200 container',
      'GET /images 200 images',
      'GET /images/:reference 200 image',
      'GET /images/export 200 image',
      'GET /networks 200 networks',
      'GET /networks/:name 200 network',
      'GET /volumes 200 volumes',
      'GET /volumes/:name 200 volume',
      'POST /containers 201 container',
      'POST /containers/:name/commit 201 image',
      'POST /containers/:name/exec 200 execution',
      'POST /containers/:name/files 201 file',
      'POST /containers/:name/files/directory 201 file',
      'POST /containers/:name/files/move 200 file',
      'POST /containers/:name/kill 200 container',
      'POST /containers/:name/pause 200 container',
      'POST /containers/:name/rename 200 container',
      'POST /containers/:name/renew 200 container',
      'POST /containers/:name/restart 200 container',
      'POST /containers/:name/start 200 container',
      'POST /containers/:name/stop 200 container',
      'POST /containers/:name/unpause 200 container',
      'POST /containers/:name/update 200 container',
      'POST /containers/:name/users 201 user',
      'POST /containers/prune 200 containers',
      'POST /images/:source/tag 200 image',
      'POST /images/build 201 image',
      'POST /images/load 200 images',
      'POST /images/prune 200 images',
      'POST /images/pull 200 image',
      'POST /images/push 200 image',
      'POST /networks 201 network',
      'POST /networks/:name/connect 200 network',
      'POST /networks/:name/disconnect 200 network',
      'POST /networks/prune 200 networks',
      'POST /runs 200 run',
      'POST /volumes 201 volume',
      'POST /volumes/prune 200 volumes',
      'PUT /containers/:name/archive 200 archive',
      'PUT /containers/:name/files 201 file',
    ]);
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length);
  });

  it('are repeatable only if idempotent, and in the lane of reads only if they read', () => {
    const named = (wanted: (operation: (typeof operations)[number]) => boolean) =>
      operations
        .filter(wanted)
        .map(({ name }) => name)
        .sort();
    expect(named(({ isRepeatable }) => isRepeatable)).toEqual([
      'container.changes',
      'container.inspect',
      'container.list',
      'container.list_files',
      'container.logs',
      'container.pause',
      'container.renew',
      'container.start',
      'container.stat_file',
      'container.stats',
      'container.stop',
      'container.top',
      'container.unpause',
      'container.wait',
      'image.inspect',
      'image.list',
      'image.tag',
      'network.inspect',
      'network.list',
      'volume.inspect',
      'volume.list',
    ]);
    expect(named(({ lane }) => lane === 'reads')).toEqual([
      'container.changes',
      'container.inspect',
      'container.list',
      'container.list_files',
      'container.logs',
      'container.stat_file',
      'container.stats',
      'container.top',
      'image.inspect',
      'image.list',
      'network.inspect',
      'network.list',
      'volume.inspect',
      'volume.list',
    ]);
    expect(named(({ lane }) => lane === 'waits')).toEqual(['container.terminal', 'container.wait']);
  });

  it('become streams that wait in a separate lane, and never run twice', () => {
    expect(streamOperations.map(({ name }) => name)).toEqual(['container.follow_stats', 'container.follow_logs']);
    for (const stream of streamOperations) {
      expect(findTask(stream.name)).toBe(stream);
      expect(stream).toMatchObject({ lane: 'waits', isRepeatable: false, scope: 'containers:read' });
    }
  });

  it('have only fields of the input as query and secret fields', () => {
    for (const { input, query, secrets } of operations) {
      const fields = Object.keys(input.describe().keys ?? {});
      expect(fields).toEqual(expect.arrayContaining([...query, ...secrets]));
    }
  });

  it('list all errors of an input at once, each with its field', () => {
    const [create] = operations;
    if (!create) throw new Error('no operations');
    expect(() => validateInput(create, { name: '-', imag: 'x', ports: ['x'], memory: 'much' })).toThrow(
      expect.objectContaining({
        status: 400,
        fields: { details: ['image', 'name', 'ports', 'memory', 'imag'].map(path => ({ path, message: expect.stringContaining(path) })) },
      }),
    );
  });
});
