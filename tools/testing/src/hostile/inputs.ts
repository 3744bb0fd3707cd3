import fc, { type Arbitrary } from 'fast-check';
import { containerOptional, createOptional, createRequired } from './container-fields.ts';
import { createInput } from './create-input.ts';
import * as fields from './fields.ts';

const { name } = fields;
const flag = fc.constantFrom<unknown>('true', '1', 'false', '0', true, false);
const time = fc.constantFrom('10m', '2026-01-01', '2026-01-01T00:00:00.5Z', '1700000000', '1.5h3s');

/** Valid values, and hostile ones among them: with many fields, few inputs would be accepted otherwise. */
const mostly = (valid: Arbitrary<unknown>, hostile: Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: valid }, { weight: 1, arbitrary: hostile });

/** Values of a flag that is off: with the flag, the response is a stream, which is another operation. */
const unset = fc.constantFrom<unknown>('false', '0', false);

const logFields = {
  tail: fc.constantFrom('all', '0', '100'),
  since: time,
  timestamps: flag,
  last_event_id: fc.constantFrom('1767605400000000000-1', '0-0', '-1', '1e3-1', '$'),
};

const resourceFilters = { label: fc.oneof(fields.text, fc.array(fields.text)), name: fields.text, dangling: flag };

/** Generators of inputs, by the name of the operation. */
export const hostileInputs: Readonly<Record<string, Arbitrary<object>>> = {
  'container.create': fc.oneof(
    { weight: 9, arbitrary: createInput(createRequired, createOptional) },
    { weight: 1, arbitrary: createInput({ ...createRequired, dry_run: fc.constantFrom<unknown>('true', '1', true) }, createOptional) },
    { weight: 1, arbitrary: createInput({ pool: fields.pool }, { name, ttl: fields.ttl, labels: fields.labels }) },
  ),
  'run.create': createInput(
    { image: fields.image },
    {
      ...containerOptional,
      stdin: fields.content,
      files: fc.array(fc.record({ path: fields.path, content: fields.content }), { maxLength: 3 }),
      timeout: fields.timeout,
      outputs: fc.array(fields.path, { maxLength: 3 }),
      keep: fc.boolean(),
    },
  ),
  'container.list': createInput(
    {},
    {
      label: fc.oneof(fields.text, fc.array(fields.text)),
      status: fc.constantFrom('running', 'exited'),
      name: fields.text,
      pool: fields.pool,
      fresh: flag,
    },
  ),
  'volume.create': createInput(
    {},
    {
      name,
      driver: fc.constant('local'),
      labels: fc.oneof(fields.labels, fc.constant({ team: 'ci' })),
      options: fc.constantFrom<unknown>(
        ...[{}, { type: 'tmpfs', device: 'tmpfs' }, { type: 'tmpfs', o: 'nodev,mode=1777' }, { o: 'size=1m' }],
        ...[{ type: 'none', o: 'bind', device: '/' }, { type: 'nfs', device: ':/srv', o: 'addr=x' }, { device: '/dev/sda' }],
      ),
      node: fields.node,
      node_selector: fields.labels,
    },
  ),
  'volume.list': createInput({}, resourceFilters),
  'volume.inspect': createInput({ name }),
  'volume.remove': createInput({ name }),
  'volume.prune': createInput({}, { label: resourceFilters.label }),
  'network.create': createInput(
    { name },
    {
      driver: fc.constantFrom('bridge', 'macvlan'),
      subnet: fc.constantFrom('10.89.1.0/24', 'fd00:1::/64', '8.8.8.0/24', '0.0.0.0/0', '10.0.0.0/8'),
      gateway: fc.constantFrom('10.89.1.1', 'fd00:1::1', 'fe80::1%eth0'),
      internal: fc.boolean(),
      ipv6: fc.boolean(),
      dns_enabled: fc.boolean(),
      labels: fields.labels,
      options: fc.constantFrom<unknown>({}, { mtu: 1400 }, { isolate: true }, { 'com.docker.network.bridge.name': 'br0' }),
      node: fields.node,
      node_selector: fields.labels,
    },
  ),
  'network.list': createInput({}, resourceFilters),
  'network.inspect': createInput({ name }),
  'network.remove': createInput({ name }),
  'network.prune': createInput({}, { label: resourceFilters.label }),
  'network.connect': createInput(
    { name, container: name },
    { aliases: fc.array(fc.constantFrom('db', 'a.b', '-x', 'a,b'), { maxLength: 3 }) },
  ),
  'network.disconnect': createInput({ name, container: name }, { force: fc.boolean() }),
  'container.inspect': createInput({ name }),
  'container.remove': createInput({ name }, { force: flag }),
  'container.start': createInput({ name }),
  'container.rename': createInput({ name, new_name: name }),
  'container.renew': createInput({ name, ttl: fields.ttl }),
  'container.stop': createInput({ name }, { timeout: fc.constantFrom<unknown>('0', '-0', '10', 3600, '1e3') }),
  'container.restart': createInput({ name }, { timeout: fc.constantFrom<unknown>('0', '-0', '10', 3600, '1e3') }),
  'container.kill': createInput(
    { name },
    { signal: fc.constantFrom<unknown>('SIGTERM', 'hup', 9, '15', 'SIGRTMIN+3', 0, '--all', 'constructor') },
  ),
  'container.top': createInput({ name }),
  'container.stats': createInput({ name }, { stream: unset }),
  'container.follow_stats': createInput({ name }, { stream: flag }),
  'container.changes': createInput({ name }),
  'container.update': createInput(
    { name, memory: fields.memory },
    { cpus: fields.cpus, pids_limit: fc.constantFrom(-1, 1, 4_194_304), restart_policy: fc.constantFrom('no', 'always', 'on-failure:5') },
  ),
  'container.commit': createInput(
    { name, reference: fc.constantFrom('app', 'app:1', 'localhost/a/b:v1.0', 'constructor', 'quay.io/x:1', 'a'.repeat(64)) },
    {
      message: fields.line,
      author: fields.line,
      changes: fc.array(
        fc.tuple(fc.constantFrom('CMD', 'LABEL', 'USER', 'ENV'), fields.line).map(words => words.join(' ')),
        { maxLength: 3 },
      ),
      pause: fc.boolean(),
    },
  ),
  'container.prune': createInput({}, { label: fc.oneof(fields.text, fc.array(fields.text)), until: time }),
  'container.wait': createInput({ name }, { condition: fc.constantFrom('stopped', 'running', 'healthy') }),
  'container.pause': createInput({ name }),
  'container.unpause': createInput({ name }),
  'container.logs': createInput({ name }, { ...logFields, until: time, follow: unset }),
  'container.follow_logs': createInput(
    { name },
    // `until` is refused for a stream.
    { ...logFields, follow: flag, until: fc.constantFrom<unknown>(undefined, undefined, undefined, '10m') },
  ),
  'container.add_user': createInput(
    { name, username: fc.constantFrom('app', '_x', 'constructor', 'A-b', 'a.b', 'u'.repeat(32)) },
    {
      password: fields.password,
      shell: fields.plainPath,
      uid: fc.constantFrom(1, 1000, 2 ** 32 - 2),
      gid: fc.constantFrom(1, 1000, 2 ** 32 - 2),
      groups: fc.uniqueArray(fc.constantFrom('staff', 'a.b', 'constructor', '_x'), { maxLength: 3 }),
      home: fields.plainPath,
    },
  ),
  'container.add_file': createInput(
    { name, dest_path: fields.path, content: fields.content },
    { encoding: fc.constant('utf8'), mode: fc.constantFrom('0644', '755', '4777'), owner: fields.user },
  ),
  'container.read_file': createInput(
    { name, path: fields.path },
    {
      range: fc.constantFrom('bytes=0-1', 'bytes=-', 'bytes=9-1', 'bytes=0-1,4-5', 'constructor'),
      if_range: fields.text,
      if_none_match: fields.text,
    },
  ),
  'container.write_file': createInput({ name, path: fields.path }, { mode: fc.constantFrom('0644', '755', '4777'), owner: fields.user }),
  'container.read_archive': createInput(
    { name, path: fields.path },
    { accept_encoding: fc.constantFrom('gzip', 'gzip;q=0', '*;q=0.1', ';;,q=', 'constructor') },
  ),
  'container.write_archive': createInput({ name, path: fields.path }),
  'container.stat_file': createInput({ name, path: fields.path }),
  'container.list_files': createInput(
    { name, path: fields.path },
    { depth: fc.constantFrom<unknown>('1', 100, '-0'), limit: fc.constantFrom<unknown>('1', 10_000, '1e3') },
  ),
  'container.remove_file': createInput({ name, path: fields.path }, { recursive: flag }),
  'container.move_file': createInput({ name, from: fields.path, to: fields.path }),
  'container.make_directory': createInput(
    { name, path: fields.path },
    { mode: fc.constantFrom('0644', '755', '4777'), owner: fields.user },
  ),
  'container.exec': createInput(
    { name, command: fields.execCommand },
    {
      user: fields.user,
      environment: fields.environment,
      work_dir: fields.path,
      stdin: fields.content,
      timeout: fields.timeout,
      stop_timeout: fc.constantFrom<unknown>(0, 1, 60, -1, '1'),
      encoding: fc.constantFrom('utf8', 'base64'),
    },
  ),
  'container.terminal': createInput(
    { name },
    {
      command: fields.execCommand,
      tty: flag,
      cols: fc.constantFrom<unknown>(1, '80', 65_535, 0, 'x'),
      rows: fc.constantFrom<unknown>(1, '24', 65_535, -1),
      user: fields.user,
      work_dir: fields.path,
      environment: fields.environment,
      stdin: flag,
      timeout: fields.timeout,
      reconnect_timeout: fc.constantFrom<unknown>(0, '60', 3600),
    },
  ),
  'image.pull': createInput(
    { reference: fields.image },
    {
      pull_policy: fc.constantFrom('always', 'missing'),
      credentials: fields.credentials,
      node: fields.node,
      node_selector: fields.labels,
      all_nodes: fc.boolean(),
    },
  ),
  'image.list': createInput({}, { reference: fields.text, dangling: flag, label: fc.oneof(fields.text, fc.array(fields.text)) }),
  'image.inspect': createInput({ reference: fields.image }),
  'image.remove': createInput({ reference: fields.image }, { force: flag }),
  'image.tag': createInput({ source: fields.image, reference: fields.image }),
  'image.push': createInput({ reference: fields.image }, { credentials: fields.credentials }),
  'image.export': createInput({ reference: fields.image }),
  'image.load': createInput({}, { node: fields.node }),
  'image.build': createInput(
    { tag: mostly(fc.constantFrom<unknown>('app', 'localhost/app:1', 'team/app'), fields.image) },
    {
      file: mostly(fc.constantFrom<unknown>('Containerfile', 'a/Dockerfile'), fc.constantFrom('-', '../x', '/etc/passwd')),
      target: mostly(fc.constantFrom<unknown>('base', 'final', '1'), fc.constant('--network=host')),
      build_arg: mostly(
        fc.constantFrom<unknown>(`A=${fields.secretMark}`, [`A=${fields.secretMark}`, 'B=--x']),
        fc.constantFrom(`A=\n${fields.secretMark}`, `LD_PRELOAD=${fields.secretMark}`, fields.secretMark),
      ),
      label: mostly(
        fc.constantFrom<unknown>('team=ci', ['a=--x', 'b=1']),
        fc.oneof(fields.text, fc.constantFrom<unknown>(['a=--x', 'podman-api.ttl=1'], 'a=\n')),
      ),
      platform: mostly(fc.constantFrom<unknown>('linux/amd64', 'linux/arm64'), fc.constant('--x/y')),
      pull: flag,
      memory: mostly(fc.constantFrom<unknown>('64m', '1g', 4_194_304), fc.constantFrom<unknown>(4096, '-1')),
      cpus: mostly(fc.constantFrom<unknown>('0.5', 2), fc.constant('-1')),
      node: fields.node,
    },
  ),
  'image.prune': createInput(
    {},
    { all: fc.boolean(), until: fc.constantFrom('24h', '1h30m', '2026-01-01', '2026-01-01T00:00:00Z'), label: fields.label },
  ),
};
