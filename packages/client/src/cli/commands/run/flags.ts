import { unsupportedTtyFlag } from '../../tty.ts';

/** Flags of `run`: those of `podman run` that the API supports, and flags of the API. */
export const flags = {
  rm: { type: 'boolean', description: 'remove the container after the command' },
  detach: { type: 'boolean', short: 'd', description: 'run the container in the background and print its name' },
  file: { type: 'string', multiple: true, value: 'FILE:PATH', description: 'put a file into the container first; requires --rm' },
  output: {
    type: 'string',
    multiple: true,
    value: 'PATH[:FILE]',
    description: 'copy a file out of the container afterwards; requires --rm. Default: into the current directory',
  },
  interactive: { type: 'boolean', short: 'i', description: 'pass stdin (text) to the command' },
  tty: unsupportedTtyFlag,
  name: { type: 'string', value: 'NAME', description: 'name of the container; default: a random one' },
  ttl: { type: 'string', value: 'SECONDS', description: 'time after which the API removes the container, even if this program was killed' },
  timeout: { type: 'string', value: 'SECONDS', description: 'stop the command after this time' },
  pool: { type: 'string', value: 'NAME', description: 'take a container of this pool, instead of IMAGE' },
  node: { type: 'string', value: 'NAME', description: 'node for the container' },
  selector: { type: 'string', multiple: true, value: 'LABEL=VALUE', description: 'label that the node must have' },
  entrypoint: {
    type: 'string',
    value: 'PROGRAM',
    description: 'program that replaces the image\'s entrypoint; or a JSON list, as in \'["sh", "-c"]\'',
  },
  env: {
    type: 'string',
    short: 'e',
    multiple: true,
    value: 'KEY[=VALUE]',
    description: "set a variable; without a value, use this process's",
  },
  volume: {
    type: 'string',
    short: 'v',
    multiple: true,
    value: 'SOURCE:PATH[:ro]',
    description: 'mount a named volume, or a directory that the host allows',
  },
  publish: { type: 'string', short: 'p', multiple: true, value: '[HOST:]PORT', description: 'publish a port on the host' },
  user: { type: 'string', short: 'u', value: 'USER', description: 'user who runs the command' },
  workdir: { type: 'string', short: 'w', value: 'PATH', description: 'working directory' },
  restart: {
    type: 'string',
    value: 'POLICY',
    description: 'no, always, unless-stopped, on-failure or on-failure:TIMES; requires --detach',
  },
  label: { type: 'string', short: 'l', multiple: true, value: 'KEY=VALUE', description: 'label the container' },
  network: { type: 'string', value: 'NAME', description: 'join this network, or none' },
  memory: { type: 'string', short: 'm', value: 'SIZE', description: 'memory limit, such as 512m' },
  cpus: { type: 'string', value: 'NUMBER', description: 'CPU limit' },
  pull: { type: 'string', value: 'POLICY', description: 'missing, always or never' },
} as const;
