import { describe, expect, it } from 'vitest';
import { create } from '../src/container/create/index.ts';
import { memoryBytes } from '../src/container/create/resources.ts';
import { findShellSyntax } from '../src/container/create/split-words.ts';
import { validateInput } from '../src/index.ts';

const checked = (options: object) => validateInput(create, { image: 'a', name: 'b', ...options });
const refusal = (field: string, words: string | RegExp) =>
  expect.objectContaining({
    status: 400,
    message: expect.stringMatching(words),
    fields: { details: [expect.objectContaining({ path: field })] },
  });

describe('memory of container.create', () => {
  it.each([
    ['512', 512],
    ['512b', 512],
    ['64k', 65_536],
    ['512M', 512 * 1024 ** 2],
    ['512MB', 512 * 1024 ** 2],
    ['512MiB', 512 * 1024 ** 2],
    ['1G', 1024 ** 3],
    ['1.5g', 1.5 * 1024 ** 3],
    ['2 GiB', 2 * 1024 ** 3],
    ['1t', 1024 ** 4],
    [4096, 4096],
  ])('reads %j as %i bytes', (memory, bytes) => {
    expect(checked({ memory })).toMatchObject({ memory });
    expect(memoryBytes(memory)).toBe(bytes);
  });

  it.each(['much', '', '0', '-1', '1e3', '0x10', '1.g', '1 g b', '9999999999t', 0, -1, 1.5, 2 ** 60, true, {}, null])(
    'returns 400 with an example for %j',
    memory => expect(() => checked({ memory })).toThrow(refusal('memory', /such as|at least|at most|empty|whole/)),
  );
});

describe('cpus of container.create', () => {
  it.each(['0.5', '.5', '2', 0.01, 100_000])('accepts %j', cpus => expect(checked({ cpus })).toMatchObject({ cpus }));

  it.each(['half', '', '.', '0', '1e3', '0x1', '-1', '100001', 0, true, []])('returns 400 for %j', cpus =>
    expect(() => checked({ cpus })).toThrow(refusal('cpus', /^cpus/)),
  );
});

describe('tmpfs of container.create', () => {
  it.each([[['/run', '/tmp:size=64m,mode=1777']], [['/x:size=64K']], [{ '/tmp': 'size=1m', '/run': '' }], [['/x:']]])('accepts %j', tmpfs =>
    expect(checked({ tmpfs })).toMatchObject({ tmpfs }),
  );

  it.each([
    [['x'], '"x": the path must be an absolute path'],
    [['/a/../b:size=1m'], '"/a/../b:size=1m": the path must not contain'],
    [['/x:a b'], '"/x:a b": the mount options must look like size=64m,mode=1777'],
    [['/x:size=1m:ro'], 'the mount options must look like'],
    [['/x', '/x/'], '"/x/" is there twice'],
    [{ '/x,y': '' }, 'the path must not contain'],
    [{ '/x:size=1': '' }, 'the path must not contain'],
    ['/x', 'tmpfs must be a list such as ["/tmp:size=64m"], or an object such as {"/tmp": "size=64m"}'],
  ])('returns 400 for %j', (tmpfs, words) =>
    expect(() => checked({ tmpfs })).toThrow(expect.objectContaining({ message: expect.stringContaining(words) })),
  );
});

describe('a command or entrypoint that is a text', () => {
  it.each([
    ['cd /srv && ls', '&&'],
    ['ls | wc -l', '|'],
    ['false || true', '|'],
    ['a; b', ';'],
    ['date >/tmp/x', '>'],
    ['pip install foo>=1.0', '>'],
    ['cat <x', '<'],
    ['echo $HOME', '$HOME'],
    [`echo $\{HOME}`, `$\{`],
    ['echo $(date)', '$('],
    ['echo "a"$1', '$1'],
    ['echo `date`', '`'],
    ['sleep 5 &', '&'],
  ])('is refused if it is meant for a shell: %s', (text, syntax) => {
    expect(findShellSyntax(text)).toBe(syntax);
    for (const field of ['command', 'entrypoint']) {
      expect(() => checked({ [field]: text })).toThrow(refusal(field, /no shell runs it.*\["sh", "-c", "\.\.\."\]/));
    }
  });

  it.each([
    `sh -c 'cd /srv && ls | wc -l; echo $HOME >x'`,
    'sh -c "echo $HOME; date"',
    'a \\; b \\&\\& \\$HOME',
    'curl http://localhost/?a=1&b=2',
    'grep end$ file',
    'nginx -g "daemon off;"',
    'a=b * ? ~ # {x,y} !',
  ])('is accepted if that is quoted or means nothing: %s', text => {
    expect(findShellSyntax(text)).toBeUndefined();
    expect(checked({ command: text, entrypoint: text })).toMatchObject({ command: text });
  });

  it('is not searched for a shell if it is a list', () => {
    expect(checked({ command: ['a', '&&', '$HOME'], entrypoint: ['|'] })).toMatchObject({ command: ['a', '&&', '$HOME'] });
  });

  it('may be empty for an entrypoint only, which removes that of the image', () => {
    expect(checked({ entrypoint: '' })).toMatchObject({ entrypoint: '' });
    expect(() => checked({ command: '' })).toThrow(refusal('command', 'command must not be empty'));
  });
});
