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
    [['/x', '/x/'], '"/x/" is listed twice'],
    [{ '/x,y': '' }, 'the path must not contain'],
    [{ '/x:size=1': '' }, 'the path must not contain'],
    ['/x', 'tmpfs must be a list such as ["/tmp:size=64m"], or an object such as {"/tmp": "size=64m"}'],
  ])('returns 400 for %j', (tmpfs, words) =>
    expect(() => checked({ tmpfs })).toThrow(expect.objectContaining({ message: expect.stringContaining(words) })),
  );
});

describe('healthcheck of container.create', () => {
  it.each([
    [{ test: '' }, /not be empty/],
    [{}, /test is missing: give a shell command/],
    [{ interval: 5 }, /test is missing/],
    [{ test: [] }, /at least 1/],
    [{ test: ['CMD'] }, /names no program/],
    [{ test: ['cmd', 'x'] }, /names no program/],
    [{ test: ['CMD', 'None', 'x'] }, /names no program/],
    [{ test: ['NONE', 'x'] }, /nothing can follow "NONE"/],
    [{ test: ['CMD-SHELL', 'a', 'b'] }, /exactly one string must follow "CMD-SHELL"/],
    [{ test: ['a b'] }, /white space in its name/],
    [{ test: 'true', disable: true }, /either test or disable/],
    [true, /healthcheck must be an object, such as \{"test"/],
  ])('returns 400 for %j', (healthcheck, words) => {
    expect(() => checked({ healthcheck })).toThrow(expect.objectContaining({ status: 400, message: expect.stringMatching(words) }));
  });

  it.each([
    ['interval', 0],
    ['interval', '10s'],
    ['timeout', 1.5],
    ['retries', 0],
    ['start_period', -1],
    ['startPeriod', 1],
  ])('returns 400 that names %s for %j', (field, value) => {
    expect(() => checked({ healthcheck: { test: 'true', [field]: value } })).toThrow(refusal(`healthcheck.${field}`, field));
  });
});

describe('ulimits of container.create', () => {
  it.each([[{ nofile: 1024 }], [{ core: -1, nproc: { soft: 1, hard: -1 } }]])('accepts %j', ulimits =>
    expect(checked({ ulimits })).toMatchObject({ ulimits }),
  );

  it.each([
    [{ rtprio: 1 }, 'ulimits.rtprio', /not a limit that can be set; choose from core/],
    [{ nofile: { soft: 2, hard: 1 } }, 'ulimits', /nofile: the soft limit must not be above the hard limit/],
    [{ nofile: { soft: -1, hard: 1 } }, 'ulimits', /soft limit/],
    [{ nofile: -2 }, 'ulimits.nofile', /at least -1/],
    [{ nofile: '1' }, 'ulimits.nofile', /such as 1024/],
    [{ nofile: { soft: 1 } }, 'ulimits.nofile.hard', /hard/],
    [5, 'ulimits', /must be an object, such as \{"nofile": 1024\}/],
  ])('returns 400 for %j', (ulimits, path, words) => expect(() => checked({ ulimits })).toThrow(refusal(path, words)));
});

describe('extra_hosts of container.create', () => {
  it.each([[['db:10.0.0.5', 'a.b=::1']], [{ db: '10.0.0.5', gw: 'host-gateway' }]])('accepts %j', extra_hosts =>
    expect(checked({ extra_hosts })).toMatchObject({ extra_hosts }),
  );

  it.each([
    [['db'], /"db" is not host:address/],
    [['db:10.0.0.256'], /"db:10.0.0.256": the address must be an IP address or host-gateway/],
    [['db:fe80::1%eth0'], /the address must be/],
    [['a b:10.0.0.1'], /the name must be made of/],
    [{ '-x': '10.0.0.1' }, /the name must be made of/],
    ['db:10.0.0.5', /must be a list such as \["db:10.0.0.5"\], or an object such as \{"db"/],
  ])('returns 400 for %j', (extra_hosts, words) => expect(() => checked({ extra_hosts })).toThrow(refusal('extra_hosts', words)));
});

describe('other options of container.create', () => {
  it.each([
    ['dns', ['example.com'], 'dns.0', /must be an IP address/],
    ['dns', '9.9.9.9', 'dns', /must be a list of IP addresses/],
    ['dns', ['1.1.1.1', '1.1.1.2', '1.1.1.3', '1.1.1.4'], 'dns', /at most 3/],
    ['platform', 'arm64', 'platform', /such as linux\/arm64/],
    ['platform', 'linux/arm64/../x', 'platform', /os\/architecture/],
    ['runtime', '/usr/bin/crun', 'runtime', /name of an OCI runtime/],
    ['runtime', '-x', 'runtime', /name of an OCI runtime/],
    ['stop_signal', 'SIGNOPE', 'stop_signal', /a signal such as SIGTERM/],
    ['shm_size', 'big', 'shm_size', /such as "512m"/],
  ])('returns 400 for %s %j', (field, value, path, words) => expect(() => checked({ [field]: value })).toThrow(refusal(path, words)));
});

describe('a command or entrypoint that is a string', () => {
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

  it('is not checked for the syntax of a shell if it is a list', () => {
    expect(checked({ command: ['a', '&&', '$HOME'], entrypoint: ['|'] })).toMatchObject({ command: ['a', '&&', '$HOME'] });
  });

  it('may be empty for an entrypoint only, which removes that of the image', () => {
    expect(checked({ entrypoint: '' })).toMatchObject({ entrypoint: '' });
    expect(() => checked({ command: '' })).toThrow(refusal('command', 'command must not be empty'));
  });
});
