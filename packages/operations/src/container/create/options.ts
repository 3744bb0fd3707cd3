import Joi from 'joi';
import { boundedList, boundedText } from '../../schemas/bounds.ts';
import { containerLabels } from '../../schemas/container-labels.ts';
import { containerUser, network } from '../../schemas/names.ts';
import { readableBy } from '../../schemas/readable-by.ts';
import { signalName } from '../../schemas/signal.ts';
import { type CommandInput, containerPath } from '../../schemas/text.ts';
import { entrypoint, wordsOf } from './command.ts';
import { dns, type ExtraHosts, extraHostArguments, extraHosts } from './extra-hosts.ts';
import { type Healthcheck, healthcheck, healthcheckArguments } from './healthcheck.ts';
import { memoryBytes, parseCpus } from './resources.ts';
import { type Tmpfs, tmpfs, tmpfsArguments } from './tmpfs.ts';
import { type Ulimits, ulimitArguments, ulimits } from './ulimits.ts';

/** Options of a create that are flags of `podman run`, with the names of libpod's API. */
export interface CreateOptions {
  readonly user?: string;
  readonly entrypoint?: CommandInput;
  readonly work_dir?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  readonly network?: string;
  readonly restart_policy?: string;
  /** Bytes, or a number with a unit, see `memoryBytes`. */
  readonly memory?: string | number;
  /** CPUs, see `parseCpus`. */
  readonly cpus?: string | number;
  readonly pids_limit?: number;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: Tmpfs;
  readonly init?: boolean;
  readonly pull_policy?: string | undefined;
  readonly healthcheck?: Healthcheck;
  /** Size of `/dev/shm`: bytes, or a number with a unit, see `memoryBytes`. */
  readonly shm_size?: string | number;
  readonly ulimits?: Ulimits;
  /** Signal of a stop, such as `SIGTERM`. */
  readonly stop_signal?: string;
  readonly extra_hosts?: ExtraHosts;
  /** Addresses of DNS servers. */
  readonly dns?: readonly string[];
  /** Platform of the image: `os/architecture[/variant]`. */
  readonly platform?: string;
  /** Name of an OCI runtime in the node's containers.conf. */
  readonly runtime?: string;
}

const capabilities = boundedList(
  100,
  boundedText(64)
    .pattern(/^(ALL|(CAP_)?[A-Z][A-Z_]+)$/)
    .messages({ 'string.pattern.base': '{{#label}} must be a capability such as NET_ADMIN, or ALL' }),
);

const memoryWords = '{{#label}} must be a number of bytes such as 536870912, or a string such as "512m" or "1.5g"';
const cpusWords = '{{#label}} must be a number of CPUs from 0.01 to 100000, such as 0.5 or "0.5"';

/** Returns the schema of an amount of memory, see `memoryBytes`. */
function bytes(): Joi.AlternativesSchema {
  return Joi.alternatives(Joi.number().integer().min(1), boundedText(40).custom(readableBy(memoryBytes))).messages({
    'alternatives.types': memoryWords,
    'alternatives.match': memoryWords,
  });
}

/** Schemas of the options, by field. */
export const optionSchemas = {
  user: containerUser().description('A user or uid, or `user:group`.'),
  entrypoint: entrypoint(),
  work_dir: containerPath(),
  labels: containerLabels(),
  hostname: boundedText(63)
    .pattern(/^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?$/)
    .messages({ 'string.pattern.base': '{{#label}} must be up to 63 letters, digits, "." and "-"' }),
  network: network(),
  restart_policy: boundedText(20)
    .pattern(/^(no|always|unless-stopped|on-failure(:\d{1,9})?)$/)
    .messages({
      'string.pattern.base': '{{#label}} must be no, always, unless-stopped, on-failure or on-failure:<times>',
      'string.max': '{{#label}} must be no, always, unless-stopped, on-failure or on-failure:<times>',
    }),
  memory: bytes().description('Bytes, or a string with a unit: `512m`, `1G`, `1.5g`, `2GiB`; units are powers of 1024.'),
  // Podman counts in hundredths.
  cpus: Joi.alternatives(Joi.number().min(0.01).max(100_000), boundedText(40).custom(readableBy(parseCpus)))
    .messages({ 'alternatives.types': cpusWords, 'alternatives.match': cpusWords })
    .description('Number of CPUs, with at most two decimals: `0.5` or `"0.5"`.'),
  pids_limit: Joi.number().integer().min(-1).max(4_194_304).description('Maximum number of processes; -1: no limit.'),
  cap_add: capabilities,
  cap_drop: capabilities,
  read_only: Joi.boolean().description('Makes the root file system read-only.'),
  tmpfs: tmpfs(),
  init: Joi.boolean().description('Runs an init that reaps processes.'),
  pull_policy: Joi.string().valid('missing', 'always', 'never').description('When the image is pulled; default: `missing`.'),
  healthcheck: healthcheck(),
  shm_size: bytes().description('Size of `/dev/shm`, written as `memory` is; default: 64 MiB.'),
  ulimits: ulimits(),
  stop_signal: signalName().description('Signal that stops the container, such as `SIGINT`; default: that of the image, else `SIGTERM`.'),
  extra_hosts: extraHosts(),
  dns: dns(),
  platform: boundedText(100)
    .pattern(/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9_.]+)?$/)
    .messages({ 'string.pattern.base': '{{#label}} must be os/architecture or os/architecture/variant, such as linux/arm64' })
    .description('Platform of the image, such as `linux/amd64` or `linux/arm/v7`; default: that of the node.'),
  runtime: boundedText(64)
    .pattern(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/)
    .messages({ 'string.pattern.base': '{{#label}} must be the name of an OCI runtime, such as crun' })
    .description("An OCI runtime of the node that `ALLOWED_RUNTIMES` lists; default: podman's own default."),
} satisfies Record<keyof CreateOptions, Joi.Schema>;

/** Returns the flags of `podman run` for the options that are given. */
export function optionArguments(given: CreateOptions): string[] {
  return [
    ...flag('user', given.user),
    // For podman, an empty string removes the entrypoint.
    ...flag('entrypoint', given.entrypoint && JSON.stringify(wordsOf(given.entrypoint))),
    ...flag('workdir', given.work_dir),
    ...Object.entries(given.labels ?? {}).map(([name, value]) => `--label=${name}=${value}`),
    ...flag('hostname', given.hostname),
    ...flag('network', given.network),
    ...flag('restart', given.restart_policy),
    ...flag('memory', given.memory === undefined ? undefined : memoryBytes(given.memory)),
    ...flag('cpus', given.cpus === undefined ? undefined : parseCpus(given.cpus)),
    ...flag('pids-limit', given.pids_limit),
    ...(given.cap_add ?? []).map(name => `--cap-add=${name}`),
    ...(given.cap_drop ?? []).map(name => `--cap-drop=${name}`),
    ...flag('read-only', given.read_only),
    ...tmpfsArguments(given.tmpfs ?? []),
    ...flag('init', given.init),
    ...flag('pull', given.pull_policy),
    ...(given.healthcheck ? healthcheckArguments(given.healthcheck) : []),
    ...flag('shm-size', given.shm_size === undefined ? undefined : memoryBytes(given.shm_size)),
    ...ulimitArguments(given.ulimits ?? {}),
    ...flag('stop-signal', given.stop_signal),
    ...extraHostArguments(given.extra_hosts ?? []),
    ...(given.dns ?? []).map(address => `--dns=${address}`),
    ...flag('platform', given.platform),
    ...flag('runtime', given.runtime),
  ];
}

function flag(name: string, value: string | number | boolean | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}
