import Joi from 'joi';
import { containerUser, network } from '../../schemas/names.ts';
import { containerPath, text } from '../../schemas/text.ts';
import { type Command, command, wordsOf } from './command.ts';

/** Options of a create that are flags of `podman run`, under libpod's names. */
export interface Options {
  readonly user?: string;
  readonly entrypoint?: Command;
  readonly work_dir?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  readonly network?: string;
  readonly restart_policy?: string;
  /** Bytes, or a number with a unit. */
  readonly memory?: string | number;
  readonly cpus?: number;
  readonly pids_limit?: number;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly read_only?: boolean;
  /** Paths, or paths with their mount options. */
  readonly tmpfs?: readonly string[] | Readonly<Record<string, string>>;
  readonly init?: boolean;
  readonly pull_policy?: string;
}

const capabilities = Joi.array().items(
  Joi.string()
    .pattern(/^(ALL|(CAP_)?[A-Z][A-Z_]+)$/)
    .messages({ 'string.pattern.base': '{{#label}} must be a capability such as NET_ADMIN, or ALL' }),
);

export const options = {
  user: containerUser().description('A user or uid, or `user:group`.'),
  entrypoint: command().description("Instead of the image's entrypoint: a list, or a text that is split into words."),
  work_dir: containerPath(),
  labels: Joi.object()
    .pattern(/^(?!podman-api\.|io\.containers\.autoupdate|PODMAN_SYSTEMD_UNIT)[^\0\r\n=]{1,255}$/, text().allow(''))
    .messages({
      'object.unknown': '{{#label}} can not be a label: no "=" or newline, and not one of podman-api’s or of podman’s own updates',
    }),
  hostname: Joi.string()
    .pattern(/^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,61}[a-zA-Z0-9])?$/)
    .messages({ 'string.pattern.base': '{{#label}} must be up to 63 letters, digits, "." and "-"' }),
  network: network(),
  restart_policy: Joi.string()
    .pattern(/^(no|always|unless-stopped|on-failure(:\d{1,9})?)$/)
    .messages({ 'string.pattern.base': '{{#label}} must be no, always, unless-stopped, on-failure or on-failure:<times>' }),
  memory: Joi.alternatives(Joi.number().integer().min(1), Joi.string().pattern(/^\d{1,15}[bkmg]?$/))
    .messages({
      'alternatives.match': '{{#label}} must be a number of bytes, or a number with b, k, m or g',
    })
    .description('Bytes, or a number with `b`, `k`, `m` or `g`.'),
  // Podman counts in hundredths.
  cpus: Joi.number().min(0.01).max(100_000).description('CPUs, in hundredths.'),
  pids_limit: Joi.number().integer().min(-1).max(4_194_304).description('Processes; -1 is no limit.'),
  cap_add: capabilities,
  cap_drop: capabilities,
  read_only: Joi.boolean().description('Makes the root file system read-only.'),
  tmpfs: Joi.alternatives(
    Joi.array().items(tmpfsPath()),
    Joi.object().pattern(
      tmpfsPath(),
      Joi.string()
        .allow('')
        .pattern(/^[a-z0-9=,%_-]*$/),
    ),
  ),
  init: Joi.boolean().description('Runs an init that reaps processes.'),
  pull_policy: Joi.string().valid('missing', 'always', 'never').description('When the image is pulled; `missing` unless told.'),
} satisfies Record<keyof Options, Joi.Schema>;

/** A path that can stand before the colon of podman's `--tmpfs path:options`. */
function tmpfsPath(): Joi.StringSchema {
  return containerPath().pattern(/^[^:,]*$/);
}

/** The flags of `podman run` for the options that are given. */
export function optionArguments(given: Options): string[] {
  return [
    ...flag('user', given.user),
    ...flag('entrypoint', given.entrypoint && JSON.stringify(wordsOf(given.entrypoint))),
    ...flag('workdir', given.work_dir),
    ...Object.entries(given.labels ?? {}).map(([name, value]) => `--label=${name}=${value}`),
    ...flag('hostname', given.hostname),
    ...flag('network', given.network),
    ...flag('restart', given.restart_policy),
    ...flag('memory', given.memory),
    ...flag('cpus', given.cpus),
    ...flag('pids-limit', given.pids_limit),
    ...(given.cap_add ?? []).map(name => `--cap-add=${name}`),
    ...(given.cap_drop ?? []).map(name => `--cap-drop=${name}`),
    ...flag('read-only', given.read_only),
    ...tmpfsMounts(given.tmpfs ?? []).map(mount => `--tmpfs=${mount}`),
    ...flag('init', given.init),
    ...flag('pull', given.pull_policy),
  ];
}

function flag(name: string, value: string | number | boolean | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

function tmpfsMounts(tmpfs: NonNullable<Options['tmpfs']>): readonly string[] {
  return isPaths(tmpfs) ? tmpfs : Object.entries(tmpfs).map(([path, mountOptions]) => (mountOptions ? `${path}:${mountOptions}` : path));
}

function isPaths(tmpfs: NonNullable<Options['tmpfs']>): tmpfs is readonly string[] {
  return Array.isArray(tmpfs);
}
