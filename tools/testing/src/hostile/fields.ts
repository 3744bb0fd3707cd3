import fc, { type Arbitrary } from 'fast-check';
import { hostileText } from './values.ts';

/* Valid values of the fields of operations, as hostile as they may be. A string for a container can contain anything but NUL. */

/** Suffix of every value of a secret field, by which leaked secrets are found. */
export const secretMark = 'hush7e1d';
const withSecretMark = (texts: Arbitrary<string>) => texts.map(value => value + secretMark);

const removePattern = (pattern: RegExp) => hostileText.map(text => text.replace(pattern, ''));
const ensureNotEmpty = (texts: Arbitrary<string>) => texts.map(text => text || '--');
const pathOf = (pattern: RegExp) =>
  removePattern(pattern).map(text => `/${text.replaceAll('..', '.')}`.slice(0, 4095).replaceAll('/../', '/x/').replace(/\/+$/, '/x'));

export const text = removePattern(/\0/g);
export const line = removePattern(/[\0\r\n]/g).map(value => value.slice(0, 500));
export const password = withSecretMark(removePattern(/[\0\r\n]/g).map(value => value.slice(0, 500)));
export const content = withSecretMark(hostileText);
export const path = pathOf(/\0/g);
export const plainPath = pathOf(/[\0:,\r\n]/g);

export const name = fc.oneof(
  fc.constantFrom('web', 'db-1', 'a', 'constructor', 'toString', '0123456789ab', 'x.y_z-', 'all', 'true', '0', 'w'.repeat(253)),
  fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,20}$/),
);
export const pool = fc.constantFrom('python-3', 'a', 'constructor', '0', 'w'.repeat(40));
export const node = fc.constantFrom('a', 'lab-7', 'host.example', 'constructor');
export const ttl = fc.constantFrom(1, 3600, 315_360_000);
export const user = fc.oneof(
  fc.constantFrom('root', '0', '0:0', 'www-data:www-data', '_x$', '65534'),
  fc.stringMatching(/^[a-z_][a-z0-9_-]{0,8}$/),
);
export const image = fc.constantFrom(
  'alpine',
  'docker.io/library/alpine:3.20',
  'localhost:5000/a/b-c__d.e',
  '127.0.0.1:5000/x:v1.0',
  `sha/x@sha256:${'a'.repeat(64)}`,
  'a'.repeat(64),
  'constructor',
);
/** A login at a registry; the user name is not secret but is treated as one. */
export const credentials = fc.record({ username: password.map(value => value.replaceAll(':', '')), password });
export const label = fc.oneof(
  removePattern(/[\0\r\n=]/g).map(value => `x${value}`.slice(0, 1024)),
  fc.constantFrom('team=ci', 'a=b=c'),
);
const argv = fc.array(text, { minLength: 1, maxLength: 5 });
/** A command as a string, which is split as Compose does, with any text in quotes. */
const quoted = fc
  .array(ensureNotEmpty(text), { minLength: 1, maxLength: 4 })
  .map(words => words.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' '));
export const command = fc.oneof(argv, quoted, fc.constantFrom('sleep 300', 'echo "a b" -x', '--help', '-- --', "''"));
export const entrypoint = fc.oneof(command, fc.constant(''));
export const memory = fc.constantFrom<unknown>(1, 2 ** 53 - 1, '64m', '1g', '9', '512M', '1.5g', '2 GiB', '1e3', '0x10');
export const cpus = fc.constantFrom<unknown>(0.5, 5e-324, 1e-7, 100_000, 1, '0.5', '.25', '1e3', '0x1');
export const execCommand = fc.oneof(argv, ensureNotEmpty(text));

const value = fc.oneof(
  withSecretMark(text),
  fc.constantFrom(0, -0, 1, 1e21, 1e308, 2 ** 53, 0.5, true, false),
  withSecretMark(fc.constant('two\nlines')),
);
const variable = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/),
  fc.constantFrom('PATH', 'LD_PRELOAD', 'constructor', 'A', '_'),
);
export const environment = fc.dictionary(variable, value, { maxKeys: 4 });
export const labels = fc.dictionary(
  ensureNotEmpty(removePattern(/[\0\r\n=]/g)).map(label => label.slice(0, 255).replace(/^podman-api\./, 'x')),
  text,
  { maxKeys: 4 },
);

const port = fc.integer({ min: 1, max: 65_535 });
const portRange = fc.constantFrom('80', '80-82', '82-80', '0-2', '65534-65536');
const hostPort = fc.oneof(port, fc.constantFrom<string | number>(0, '', '0'), port.map(String));
const protocol = fc.constantFrom('tcp', 'udp', 'sctp');
export const ports = fc.oneof(
  fc.array(
    fc.tuple(fc.constantFrom('', '127.0.0.1:', '[::1]:', '0.0.0.0:'), hostPort, port).map(parts => `${parts[0]}${parts[1]}:${parts[2]}`),
    { maxLength: 3 },
  ),
  fc.dictionary(port.map(String), fc.oneof(port, port.map(String)), { maxKeys: 3 }),
  fc.array(
    fc.tuple(fc.constantFrom('', '8000-8002:', '9000:', ':'), portRange).map(parts => parts.join('')),
    { maxLength: 2 },
  ),
  fc.dictionary(
    fc.tuple(port, protocol).map(parts => parts.join('/')),
    fc.oneof(hostPort, fc.constant(null), fc.tuple(fc.constant('127.0.0.1'), port)),
    { maxKeys: 3 },
  ),
);
const mode = fc.constantFrom('ro', 'rw', 'z', 'ro,Z');
export const volumes = fc.oneof(
  fc.array(
    fc.tuple(name, plainPath, mode).map(parts => parts.join(':')),
    { maxLength: 3 },
  ),
  fc.dictionary(name, fc.oneof(plainPath, fc.record({ bind: plainPath, mode })), { maxKeys: 3 }),
  fc.array(plainPath, { maxLength: 3 }),
  fc.constantFrom(
    ['/:/host'],
    ['/etc:/etc:ro'],
    ['/etc:/etc:z'],
    ['web:/data:U'],
    { '/tmp/../etc': '/x' },
    { '/proc/self/root': { bind: '/x' } },
  ),
);
const capability = fc.constantFrom('ALL', 'NET_ADMIN', 'CAP_SYS_ADMIN', 'SYS_PTRACE');
export const capabilities = fc.array(capability, { maxLength: 3 });
const mountOptions = fc.constantFrom('', 'size=1m', 'size=10%,mode=1777', 'suid,exec,dev', '--', 'x=y,-v');
export const tmpfs = fc.oneof(
  fc.array(
    fc.oneof(
      plainPath,
      fc.tuple(plainPath, mountOptions).map(parts => parts.join(':')),
    ),
    { maxLength: 3 },
  ),
  fc.dictionary(plainPath, mountOptions, { maxKeys: 3 }),
);
/** Mostly valid values, and a few that must be refused. */
const rarely = (valid: Arbitrary<unknown>, ...invalid: readonly unknown[]) =>
  fc.oneof({ weight: 40, arbitrary: valid }, { weight: 1, arbitrary: fc.constantFrom(...invalid) });

const healthTest = rarely(
  fc.oneof(
    ensureNotEmpty(text),
    fc.tuple(fc.constant('CMD'), fc.constant('/check'), text).map(words => words.filter(word => word !== '')),
    fc.constantFrom<unknown>('CMD true', 'none', '["a","b"]', ['true'], ['CMD', 'true'], ['CMD-SHELL', '-x'], ['NONE'], ['--x', 'y']),
  ),
  ['cmd', 'x'],
  ['CMD'],
  ['a b'],
  '',
);
const healthSeconds = rarely(fc.constantFrom(1, 30, 86_400), '5', 1e9, -1);
export const healthcheck = rarely(
  fc.oneof(
    fc.record(
      { test: healthTest, interval: healthSeconds, timeout: healthSeconds, retries: fc.constantFrom(1, 3), start_period: healthSeconds },
      { requiredKeys: ['test'] },
    ),
    fc.constant({ disable: true }),
  ),
  { disable: true, test: 'true' },
  { interval: 5 },
  { test: 'true', privileged: true },
);
const limit = fc.constantFrom(0, 1024, 2 ** 53 - 1);
const limits = rarely(
  fc.oneof(
    limit,
    limit.map(soft => ({ soft, hard: -1 })),
  ),
  { soft: 2, hard: 1 },
  -2,
);
export const ulimits = fc.dictionary(
  rarely(fc.constantFrom('nofile', 'nproc', 'core'), 'rtprio', 'constructor', 'core=1:1,nofile').map(String),
  limits,
  {
    maxKeys: 3,
  },
);
const hostName = rarely(fc.constantFrom('db', 'a.b-c', 'constructor', '_x', '0'), '-x', 'a b', '').map(String);
const hostAddress = rarely(fc.constantFrom('10.0.0.5', 'fd00::1', '[fd00::1]', 'host-gateway'), '::1%lo', '1.2.3.4 evil', '').map(String);
export const extraHosts = fc.oneof(
  fc.array(
    fc.tuple(hostName, fc.constantFrom(':', '='), hostAddress).map(parts => parts.join('')),
    { maxLength: 3 },
  ),
  fc.dictionary(hostName, hostAddress, { maxKeys: 3 }),
);
export const dns = fc.array(rarely(fc.constantFrom('9.9.9.9', 'fd00::53', '::'), 'none', '::1%lo', '1.2.3.4,5.6.7.8'), {
  minLength: 1,
  maxLength: 3,
});
export const platform = rarely(fc.constantFrom('linux/amd64', 'linux/arm/v7', 'constructor/x'), 'linux', '../x', '--x/y');
export const runtime = rarely(fc.constantFrom('crun', 'constructor'), '--x', '../runc', '/bin/sh');
export const stopSignal = rarely(fc.constantFrom('SIGINT', 'usr1', 9, 'SIGRTMIN+3'), '--all', 'constructor', 0);
export const timeout = fc.integer({ min: 1, max: 86_400 });
