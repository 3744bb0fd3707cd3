import fc, { type Arbitrary } from 'fast-check';
import { containerOptional, createOptional, createRequired } from './container-fields.ts';
import { createInput } from './create-input.ts';
import * as fields from './fields.ts';

const { name } = fields;
const time = fc.constantFrom('10m', '2026-01-01T00:00:00.5Z', '1700000000', '-1', '--x');

/** Generators of inputs of the tasks of the Docker-compatible API, by the name of the task. */
export const hostileDockerInputs: Readonly<Record<string, Arbitrary<object>>> = {
  'docker.create_container': createInput(createRequired, {
    ...containerOptional,
    restart_policy: createOptional.restart_policy,
    auto_remove: fc.boolean(),
    tty: fc.boolean(),
    stdin_open: fc.boolean(),
    expose: fc.array(fc.constantFrom('80/tcp', '53-54/udp', '1/sctp'), { maxLength: 3 }),
    publish_all: fc.boolean(),
    network_aliases: fc.array(fc.constantFrom('db', 'a.b', 'constructor'), { maxLength: 3 }),
    stop_timeout: fc.constantFrom(0, 10, 86_400),
  }),
  'docker.inspect_container': createInput({ name }),
  'docker.list_containers': createInput(
    {},
    {
      all: fc.boolean(),
      label: fc.array(fields.text, { maxLength: 3 }),
      status: fc.constantFrom<unknown>(['running'], ['exited', 'dead'], ['constructor']),
      id: fc.constantFrom<unknown>(['0123456789ab'], ['a'.repeat(64)], ['--all']),
      name: fc.constantFrom<unknown>(['^/web$'], ['web', ''], ['.*'], ['--all'], ['(']),
      ancestor: fc.array(fields.image, { maxLength: 2 }),
      health: fc.constantFrom<unknown>(['healthy'], ['none', 'starting'], ['constructor']),
      exited: fc.constantFrom<unknown>([0, 255], [-1], ['0']),
      network: fc.array(fc.oneof(name, fc.constantFrom('bridge', 'a,b', '--all')), { maxLength: 2 }),
    },
  ),
  'docker.inspect_image': createInput({ reference: fields.image }),
  'docker.list_images': createInput({}),
  'docker.list_networks': createInput({}, { exact: fc.boolean() }),
  'docker.start_attached': createInput({ name, stdin: fc.boolean() }),
  'docker.attach': createInput({ name, stdin: fc.boolean() }),
  'docker.logs': createInput(
    {
      name,
      streams: fc.constantFrom<unknown>(['stdout'], ['stdout', 'stderr'], ['stderr', 'stderr'], ['stdin']),
      timestamps: fc.boolean(),
      follow: fc.boolean(),
    },
    { tail: fc.constantFrom<unknown>(0, 100, 999_999_999, -1, 'all'), since: time, until: time },
  ),
  'docker.tunnel': createInput({
    name,
    port: fc.constantFrom(1, 80, 65_535, 0, 65_536),
    session: fc.constantFrom('0123456789abcdef'.repeat(2), 'constructor', '--x'),
  }),
  'docker.remove_labelled': createInput({
    labels: fc.oneof(
      fc.constantFrom<unknown>(['podman-api-session=0123'], ['a=b', 'c=--all'], ['__proto__=x'], ['a'], ['=x'], []),
      fc.array(fields.label, { minLength: 1, maxLength: 3 }),
    ),
  }),
};
