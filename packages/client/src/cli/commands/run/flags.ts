import { ttyFlag } from '../../refuse-terminal.ts';

/** The flags of `run`: those of podman's that the API has, and where and how long. */
export const flags = {
  rm: { type: 'boolean', about: 'remove the container when the command has ended' },
  detach: { type: 'boolean', short: 'd', about: "run the container by itself: print its name, and don't wait" },
  interactive: { type: 'boolean', short: 'i', about: 'give the command what stands on stdin (text)' },
  tty: ttyFlag,
  name: { type: 'string', value: 'NAME', about: 'the name of the container; a new one, unless given' },
  ttl: { type: 'string', value: 'SECONDS', about: 'the API removes the container after so long, whatever happens here' },
  timeout: { type: 'string', value: 'SECONDS', about: 'end the command after so long' },
  node: { type: 'string', value: 'NAME', about: 'on this node' },
  selector: { type: 'string', multiple: true, value: 'LABEL=VALUE', about: 'on a node with this label' },
  entrypoint: {
    type: 'string',
    value: 'PROGRAM',
    about: 'run it in place of the image\'s entrypoint; or a JSON list, as in \'["sh", "-c"]\'',
  },
  env: { type: 'string', short: 'e', multiple: true, value: 'KEY[=VALUE]', about: "set a variable; without a value, from one's own" },
  volume: {
    type: 'string',
    short: 'v',
    multiple: true,
    value: 'SOURCE:PATH[:ro]',
    about: 'mount a named volume, or a folder that the host allows',
  },
  publish: { type: 'string', short: 'p', multiple: true, value: '[HOST:]PORT', about: 'let the host serve a port' },
  user: { type: 'string', short: 'u', value: 'USER', about: 'as this user' },
  workdir: { type: 'string', short: 'w', value: 'PATH', about: 'in this folder' },
  restart: { type: 'string', value: 'POLICY', about: 'no, always, unless-stopped, on-failure or on-failure:TIMES; with --detach' },
  label: { type: 'string', short: 'l', multiple: true, value: 'KEY=VALUE', about: 'label the container' },
  network: { type: 'string', value: 'NAME', about: 'join this network, or none' },
  memory: { type: 'string', short: 'm', value: 'SIZE', about: 'at most so much, such as 512m' },
  cpus: { type: 'string', value: 'NUMBER', about: 'at most so many' },
  pull: { type: 'string', value: 'POLICY', about: 'missing, always or never' },
} as const;
