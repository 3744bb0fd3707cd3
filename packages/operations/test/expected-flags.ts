import { createFlags } from '@podman-api/testing/argv';
import { wordsOf } from '../src/container/create/command.ts';

/** An input of an operation that its schema accepts. */
export type Given = Readonly<Record<string, unknown>>;

/** Returns the number of each flag of a create. */
export function flagsOfCreate(input: Given): Record<string, number> {
  const counts: Record<string, number> = { name: 1, 'http-proxy': 1, label: 'ttl' in input ? 2 : 1 };
  const add = (flag: string, times: number) => {
    if (times > 0) counts[flag] = (counts[flag] ?? 0) + times;
  };
  for (const [field, [flag]] of Object.entries(createFlags))
    add(flag, field === 'entrypoint' ? Number(field in input) : times(input[field]));
  for (const flag of healthFlags(input['healthcheck'])) add(flag, 1);
  const environment = Object.entries(Object(input['environment'] ?? {})).map(([name, value]) => name + String(value));
  const long = environment.filter(line => /[\r\n]/.test(line) || Buffer.byteLength(line) >= 60_000).length;
  add('env', long);
  // With variables in its own environment podman makes the container and starts it by itself.
  add('detach', Number(long === 0));
  add('env-file', Number(environment.length > long));
  return counts;
}

function healthFlags(healthcheck: unknown): readonly string[] {
  if (healthcheck === undefined) return [];
  const { test, disable } = Object(healthcheck);
  if (disable || listOf(test)[0] === 'NONE') return ['no-healthcheck'];
  const times = ['interval', 'timeout', 'retries', 'start_period'].filter(field => field in Object(healthcheck));
  return ['health-cmd', ...times.map(field => `health-${field.replace('_', '-')}`)];
}

/** Returns the number of each flag of a run: those of a create, and a lease unless the container is kept. */
export function flagsOfRun(input: Given): Record<string, number> {
  const { detach: _detach, label = 1, ...flags } = flagsOfCreate(input);
  const hasLease = input['keep'] !== true && !('ttl' in input);
  return {
    ...flags,
    label: hasLease ? label + 1 : label,
    ...('stdin' in input && { interactive: 1 }),
    ...(input['keep'] !== true && { 'log-driver': 1 }),
  };
}

/** Returns the number of each flag of a create for a Docker client, which starts nothing. */
export function flagsOfDockerCreate(input: Given): Record<string, number> {
  const { detach: _detach, ...flags } = flagsOfCreate(input);
  const switches = { auto_remove: 'rm', tty: 'tty', stdin_open: 'interactive', publish_all: 'publish-all' };
  const lists = { expose: 'expose', network_aliases: 'network-alias', stop_timeout: 'stop-timeout' };
  const all = [
    ...Object.entries(switches).map(([field, flag]) => [flag, Number(input[field] === true)] as const),
    ...Object.entries(lists).map(([field, flag]) => [flag, times(input[field])] as const),
  ];
  return { ...flags, ...Object.fromEntries(all.filter(([, count]) => count > 0)) };
}

/** Returns the number of flags for a value: one for each entry of a list or an object, one for any other value. */
function times(value: unknown): number {
  if (value === undefined) return 0;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 1;
}

/** Returns the arguments of a command: a string is split into words. */
export function words(command: unknown): readonly unknown[] {
  return typeof command === 'string' ? wordsOf(command) : listOf(command ?? []);
}

/** Returns a list as it is, and any other value as the only item of a list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
