import { readFileSync } from 'node:fs';
import { ApiError, invalid } from '@podman-api/errors';
import Joi from 'joi';
import { define } from '../operation.ts';
import { userRefusals } from '../policy/rules.ts';
import { containerName } from '../schemas/names.ts';
import { shape } from '../schemas/shape.ts';
import { containerPath, line } from '../schemas/text.ts';
import { endLeftovers, marked } from './mark.ts';

interface AddUserInput {
  readonly name: string;
  readonly username: string;
  readonly password?: string;
  readonly shell?: string;
}

interface AddedUser {
  readonly username: string;
  readonly created: true;
}

const script = readFileSync(new URL('./users/add-user.sh', import.meta.url), 'utf8');

/** Adds a user to a running container, with a home directory, and a password where one is given. */
export const addUser = define<AddUserInput, AddedUser>({
  name: 'container.add_user',
  method: 'POST',
  path: '/containers/:name/users',
  scope: 'exec',
  input: Joi.object<AddUserInput>({
    name: containerName().required(),
    username: Joi.string()
      .max(32)
      .pattern(/^[a-zA-Z_][a-zA-Z0-9_-]*$/)
      .required()
      .messages({ 'string.pattern.base': '{{#label}} must be made of letters, digits, "_" and "-", and begin with a letter or "_"' }),
    password: line().max(512).description('Set by the container’s own tool; it stands in no argument list and no log.'),
    shell: containerPath()
      .pattern(/^[^:\r\n]*$/)
      .description('`/bin/bash` where the image has it, else `/bin/sh`, unless told.'),
  }),
  secrets: ['password'],
  noun: 'user',
  status: 201,
  summary: 'Adds a user to a running container',
  description: 'With a home directory, and a password where one is given.',
  results: { 201: shape<AddedUser>('AddedUser', { username: Joi.string(), created: Joi.valid(true) }) },
  example: { input: { name: 'web', username: 'ada', shell: '/bin/sh' }, result: { username: 'ada', created: true } },
  async run(podman, { name, username, password, shell = '' }, context) {
    const { marks, options } = marked(podman, name, context);
    const secret = password === undefined ? '' : 'password';
    const stdin = password === undefined ? '' : `${username}:${password}\n`;
    const argv = ['sh', '-c', script, 'sh', username, shell, secret];
    const report = await podman.script({ container: name, user: '0', argv, environment: {}, marks, stdin }, options);
    if (report.fault) throw report.fault.reason === 'command-not-found' ? noShell(name) : report.fault;
    const [outcome, ...words] = report.line.split(' ');
    if (outcome !== 'created') throw failure(outcome, words.join(' ').trim(), username, name);
    return { username, created: true };
  },
  // A script of ours does it as root, which can make any user of anyone.
  refusals: (_input, policy) => userRefusals('root', policy),
  recover: endLeftovers,
});

function noShell(container: string): ApiError {
  return new ApiError('ConflictError', `The image of ${container} has no sh, without which no user can be added.`);
}

function failure(outcome: string | undefined, words: string, username: string, container: string): ApiError {
  switch (outcome) {
    case 'exists':
      return new ApiError('ConflictError', `The container ${container} has a user ${username} already.`);
    case 'bad-name':
      return invalid('username', `username: the container's tool refuses it: ${words}`);
    case 'no-password-tool':
      return invalid('password', 'password: the container has no chpasswd and no passwd to set it with; add the user without.');
    default:
      return new ApiError('PodmanAPIError', `The user could not be added: ${words}`);
  }
}
