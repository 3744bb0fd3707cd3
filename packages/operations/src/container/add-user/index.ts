import Joi from 'joi';
import { userRefusals } from '../../policy/rules.ts';
import { shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { endLeftovers } from '../job-processes.ts';
import { type AddUserInput, addUserInput } from './input.ts';
import { type AddedUser, createUser } from './run.ts';

const description = `The user gets a home directory and, if \`password\` is given, a password. The user's own group is the one with the id \`gid\`, or else the one with the user's name; it is created if it does not exist. If adding the user fails, everything is undone; a group that existed before stays.

The image's own tool adds the user: \`useradd\`, \`adduser\` of BusyBox, or a script of this service. That tool decides which names with dots or capitals are valid (400).`;

/** Adds a user to a running container, with a home directory, and a password if one is given. */
export const addUser = defineContainerOperation<AddUserInput, AddedUser>({
  name: 'container.add_user',
  method: 'POST',
  path: '/containers/:name/users',
  scope: 'exec',
  input: addUserInput,
  secrets: ['password'],
  noun: 'user',
  status: 201,
  summary: 'Adds a user to a running container',
  description,
  results: { 201: shape<AddedUser>('AddedUser', { username: Joi.string(), created: Joi.valid(true) }) },
  example: { input: { name: 'web', username: 'ada', shell: '/bin/sh' }, result: { username: 'ada', created: true } },
  run: createUser,
  // The script runs as root, so the policy must allow root: root can become any other user.
  refusals: (_input, policy) => userRefusals('root', policy),
  recover: endLeftovers,
});
