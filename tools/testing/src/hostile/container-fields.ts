import fc from 'fast-check';
import * as fields from './fields.ts';

/** Required fields of a create. */
export const createRequired = { image: fields.image, name: fields.name };
/** Optional fields of creates and runs. */
export const containerOptional = {
  command: fields.command,
  environment: fields.environment,
  ports: fields.ports,
  volumes: fields.volumes,
  user: fields.user,
  entrypoint: fields.entrypoint,
  work_dir: fields.path,
  labels: fields.labels,
  hostname: fc.constantFrom('box', 'a.b', 'constructor'),
  network: fc.constantFrom('none', 'bridge', 'private', 'web', 'slirp4netns'),
  memory: fields.memory,
  cpus: fields.cpus,
  pids_limit: fc.constantFrom(-1, -0, 0, 1, 4_194_304),
  cap_add: fields.capabilities,
  cap_drop: fields.capabilities,
  read_only: fc.boolean(),
  tmpfs: fields.tmpfs,
  init: fc.boolean(),
  pull_policy: fc.constantFrom('missing', 'always', 'never'),
  healthcheck: fields.healthcheck,
  shm_size: fields.memory,
  ulimits: fields.ulimits,
  stop_signal: fields.stopSignal,
  extra_hosts: fields.extraHosts,
  dns: fields.dns,
  platform: fields.platform,
  runtime: fields.runtime,
  node: fields.node,
  node_selector: fields.labels,
  ttl: fields.ttl,
};
/** Optional fields of a create. */
export const createOptional = {
  ...containerOptional,
  exec_ready: fc.boolean(),
  restart_policy: fc.constantFrom('no', 'always', 'on-failure', 'on-failure:5', 'unless-stopped'),
};
