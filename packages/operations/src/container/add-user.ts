import { readFileSync } from 'node:fs';
import { ApiError, invalid } from '@podman-api/errors';
import Joi, { type NumberSchema, type StringSchema } from 'joi';
import { define } from '../operation.ts';
import { userRefusals } from '../policy/rules.ts';
import { boundedList, boundedText } from '../schemas/bounds.ts';
import { containerName } from '../schemas/names.ts';
import { shape } from '../schemas/shape.ts';
import { containerPath, line } from '../schemas/text.ts';
import { endLeftovers, marked } from './mark.ts';
import { toolMessage } from './tool-message.ts';

interface AddUserInput {
  readonly name: string;
  readonly username: string;
  readonly password?: string;
  readonly shell?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly string[];
  readonly home?: string;
}

interface AddedUser {
  readonly username: string;
  readonly created: true;
}

const script = readFileSync(new URL('./users/add-user.sh', import.meta.url), 'utf8');

/** Largest id; the one above stands for "no change" (chown(2)). */
const maxId = 2 ** 32 - 2;
const maxGroups = 32;
/** The tools of most images allow no more (useradd(8)). */
const maxNameLength = 32;

const accountName = (): StringSchema =>
  boundedText(maxNameLength)
    .pattern(/^[a-zA-Z_][a-zA-Z0-9_.-]*$/)
    .messages({
      'string.pattern.base': '{{#label}} must be made of letters, digits, "_", "-" and ".", and begin with a letter or "_"',
    });
const accountPath = (): StringSchema =>
  containerPath()
    .pattern(/^[^:\r\n]*$/)
    .messages({ 'string.pattern.base': '{{#label}} must be one line without ":"' });
const accountId = (): NumberSchema => Joi.number().integer().min(1).max(maxId);

const description = `The user gets a home directory and, if \`password\` is given, a password. The user's own group is the one with the id \`gid\`, or else the one with the user's name: one that exists is used, another is made. If the user can not be added completely, nothing of it remains, and a group that existed before stays.

The work is done by the image's own tool: \`useradd\`, \`adduser\` of BusyBox, or a script of this service. Which names with dots or capitals it accepts is up to that tool (400).`;

/** Adds a user to a running container, with a home directory, and a password if one is given. */
export const addUser = define<AddUserInput, AddedUser>({
  name: 'container.add_user',
  method: 'POST',
  path: '/containers/:name/users',
  scope: 'exec',
  input: Joi.object<AddUserInput>({
    name: containerName().required(),
    username: accountName().required(),
    password: line().max(512).description('Set by the container’s own tool; it stands in no argument list and no log.'),
    shell: accountPath().description('Default: `/bin/bash` if the image has it, else `/bin/sh`.'),
    uid: accountId().description('Default: chosen by the tool. 409 if another user has it.'),
    gid: accountId().description('Id of the user’s own group, which is made if it does not exist. Default: chosen by the tool.'),
    groups: boundedList(maxGroups, accountName()).unique().description('Names of further groups, which must exist.'),
    home: accountPath()
      .pattern(/^\/+[^/]/)
      .messages({ 'string.pattern.base': '{{#label}} must be a directory below "/", in one line without ":"' })
      .description('Default: `/home/` and the name. It is made if it does not exist.'),
  }),
  secrets: ['password'],
  noun: 'user',
  status: 201,
  summary: 'Adds a user to a running container',
  description,
  results: { 201: shape<AddedUser>('AddedUser', { username: Joi.string(), created: Joi.valid(true) }) },
  example: { input: { name: 'web', username: 'ada', shell: '/bin/sh' }, result: { username: 'ada', created: true } },
  async run(podman, { name, username, password, shell = '', uid = '', gid = '', groups = [], home = '' }, context) {
    const { marks, options } = marked(podman, name, context);
    const secret = password === undefined ? '' : 'password';
    const stdin = password === undefined ? '' : `${username}:${password}\n`;
    const words = [username, shell, secret, String(uid), String(gid), groups.join(','), home];
    const argv = ['sh', '-c', script, 'sh', ...words];
    const report = await podman.script({ container: name, user: '0', argv, environment: {}, marks, stdin }, options);
    if (report.fault) throw report.fault.reason === 'command-not-found' ? noShell(name) : report.fault;
    const [outcome = '', ...details] = report.line.split(' ');
    if (outcome !== 'created') throw failure(outcome, toolMessage(details.join(' ')), { name, username, uid, gid });
    return { username, created: true };
  },
  // A script of ours does it as root, which can make any user of anyone.
  refusals: (_input, policy) => userRefusals('root', policy),
  recover: endLeftovers,
});

function noShell(container: string): ApiError {
  return new ApiError('ConflictError', `The image of ${container} has no sh, without which no user can be added.`);
}

interface Names {
  readonly name: string;
  readonly username: string;
  readonly uid: number | string;
  readonly gid: number | string;
}

function failure(outcome: string, details: string, { name, username, uid, gid }: Names): ApiError {
  switch (outcome) {
    case 'exists':
      return new ApiError('ConflictError', `The container ${name} has a user ${username} already.`);
    case 'uid-in-use':
      return new ApiError('ConflictError', `uid: another user of the container ${name} has the id ${uid}; choose another.`);
    case 'group-differs':
      return invalid('gid', `gid: the container has a group ${username} whose id is not ${gid}; leave gid out to use that group.`);
    case 'no-group':
      return invalid('groups', `groups: the container has no group ${details}.`);
    case 'bad-name':
      return invalid('username', `username: the container's tool refuses it: ${details}`);
    case 'no-password-tool':
      return invalid('password', 'password: the container has no chpasswd and no passwd to set it with; add the user without.');
    default:
      return new ApiError('PodmanAPIError', `The user could not be added: ${details}`);
  }
}
