import { describe, expect, it } from 'vitest';
import { decodeBody, encodeBody } from './docker/conversations/bodies.ts';
import { compareBody, compareJson } from './docker/conversations/compare.ts';
import { normalizeConversation } from './docker/conversations/normalize.ts';
import { Bindings } from './docker/conversations/placeholders.ts';

const [id, other] = ['0123456789abcdef'.repeat(4), 'f'.repeat(64)];

describe('the comparison of a response with a recorded one', () => {
  it('binds placeholders, and finds the same strings again', () => {
    const bindings = new Bindings();
    expect(compareJson({ Id: '<id1>', Created: '<number>' }, { Id: id, Created: 3, More: true }, bindings, 'body')).toEqual([]);
    expect(bindings.fill('/containers/<id1>/json?short=<id1.short>')).toBe(`/containers/${id}/json?short=${id.slice(0, 12)}`);
    expect(compareJson({ Id: '<id1>' }, { Id: other }, bindings, 'body')).toEqual([`body.Id is "${other}" instead of "<id1>"`]);
  });

  it.each([
    ['a field that is missing', {}, 'body.State is missing'],
    ['another type', { State: null }, 'body.State is null instead of an object'],
    ['another value', { State: { ExitCode: 0, Ports: ['80/tcp'] } }, 'body.State.ExitCode is 0 instead of 3'],
    ['a shorter list', { State: { ExitCode: 3, Ports: [] } }, 'body.State.Ports has 0 entries instead of 1'],
    ['another entry', { State: { ExitCode: 3, Ports: ['81/tcp'] } }, 'body.State.Ports[0] is "81/tcp" instead of "80/tcp"'],
  ])('finds %s', (_case, actual, difference) => {
    const expected = { State: { ExitCode: 3, Ports: ['80/tcp'] } };
    expect(compareJson(expected, actual, new Bindings(), 'body')).toEqual([difference]);
  });

  it('accepts list entries of other tests, and reports a missing entry of its own', () => {
    const expected = { json: [{ Names: ['/<name1>'] }] };
    const bindings = new Bindings(new Map([['name1', 'web']]));
    expect(compareBody(expected, { json: [{ Names: ['/other'] }, { Names: ['/web'] }] }, bindings)).toEqual([]);
    expect(compareBody(expected, { json: [] }, bindings)).toEqual(['the list has no entry {"Names":["/<name1>"]}']);
    expect(compareJson({ RepoTags: ['a:1'] }, { RepoTags: ['b:1', 'a:1'] }, bindings, 'image')).toEqual([]);
    expect(compareJson({ RepoTags: ['a:1'] }, { RepoTags: ['b:1'] }, bindings, 'image')).toHaveLength(1);
    expect(compareJson({ Env: ['TERM=xterm', 'A=1'] }, { Env: ['A=1'] }, bindings, 'container')).toEqual([]);
  });

  it('compares what a client got before it disconnected', () => {
    const expected = { frames: { stdout: 'ready\n', stderr: '' } };
    const longer = { frames: { stdout: 'ready\nmore\n', stderr: 'err' } };
    expect(compareBody(expected, longer, new Bindings(), true)).toEqual([]);
    expect(compareBody(expected, longer, new Bindings())).toHaveLength(2);
    expect(compareBody(expected, { frames: { stdout: 'rea', stderr: '' } }, new Bindings(), true)).toHaveLength(1);
  });
});

describe('the bodies of a recording', () => {
  it('are read by their type and content', async () => {
    const frames = Buffer.from('\x01\0\0\0\0\0\0\x02ab\x02\0\0\0\0\0\0\x01c\x01\0\0\0\0\0\0\x01d', 'latin1');
    expect(await decodeBody('application/vnd.docker.multiplexed-stream', frames)).toEqual({ frames: { stdout: 'abd', stderr: 'c' } });
    expect(await decodeBody('application/json', Buffer.from('{"a":1}\n{"a":2}\n{"a'))).toEqual({ lines: [{ a: 1 }, { a: 2 }] });
    const tar = [{ name: 'in.txt', type: 'file', text: 'hello\n' }];
    expect(await decodeBody('application/x-tar', await encodeBody({ tar }))).toEqual({ tar });
  });

  it('have placeholders for what varies, and nothing of others', () => {
    const request = { step: 'request', exchange: 1, method: 'GET', path: '/containers/json', headers: {}, body: { text: '' } } as const;
    const list = [
      { Id: id, Names: ['/web'], Created: 5, Status: 'Up 2 seconds' },
      { Id: other, Names: ['/other'] },
    ];
    const end = { step: 'end', exchange: 1, body: { json: list } } as const;
    const { steps } = normalizeConversation({ client: 'docker', steps: [request, end] }, { names: ['web'] });
    const own = { Id: '<id1>', Names: ['/<name1>'], Created: '<number>', Status: 'Up <text>' };
    expect(steps).toEqual([request, { ...end, body: { json: [own] } }]);
  });

  it('have placeholders for the names of networks, and keep names that a client derives', () => {
    const headers = {};
    const create = (exchange: number, name: string) =>
      ({
        step: 'request',
        exchange,
        method: 'POST',
        path: `/networks/create?Name=${name}`,
        headers,
        body: { json: { Name: name } },
      }) as const;
    const end = { step: 'end', exchange: 2, body: { json: { Name: 'web_back', Node: 'node-1' } } } as const;
    const { steps } = normalizeConversation(
      { client: 'docker', steps: [create(1, 'chosen'), create(2, 'web_back'), end] },
      { names: ['web'] },
    );
    const named = { ...end, body: { json: { Name: '<name1>_back', Node: '<text>' } } };
    expect(steps).toEqual([create(1, '<name2>'), create(2, '<name1>_back'), named]);
  });
});
