import { ApiError, invalidField, unknownOutcomeError } from '@podman-api/errors';
import type { Podman, PodmanFault } from '@podman-api/podman';
import type { TaskContext } from '../../operation.ts';
import { readScript, runScript } from '../scripts/run-script.ts';
import type { AddUserInput } from './input.ts';

/** A user that was added to a container. */
export interface AddedUser {
  readonly username: string;
  readonly created: true;
}

const text = readScript(new URL('./add-user.sh', import.meta.url));

/**
 * Adds a user to a running container by a script there. The password is in its stdin, never in an argument list.
 * @throws ApiError if the user cannot be added; nothing of it remains then. JobOutcomeError (unknown) if the script was ended
 */
export async function createUser(podman: Podman, input: AddUserInput, context: TaskContext): Promise<AddedUser> {
  const { name, username, password, shell = '', uid = '', gid = '', groups = [], home = '' } = input;
  const secret = password === undefined ? '' : 'password';
  const stdin = password === undefined ? '' : `${username}:${password}\n`;
  const args = [username, shell, secret, String(uid), String(gid), groups.join(','), home];
  const { outcome, details, fault } = await runScript(podman, name, { text, args, stdin }, context);
  if (fault) throw scriptFaultError(fault, name);
  if (outcome !== 'created') throw failure(outcome, details, input);
  return { username, created: true };
}

function scriptFaultError(fault: PodmanFault, container: string): ApiError {
  if (fault.reason === 'no-report') return unknownOutcomeError('the script ended before it reported whether the user was added');
  return fault.reason === 'command-not-found' ? noShellError(container) : fault;
}

function noShellError(container: string): ApiError {
  return new ApiError('ConflictError', `The image of ${container} has no sh, which is needed to add a user: use an image with a shell.`);
}

function failure(outcome: string, details: string, { name, username, uid, gid }: AddUserInput): ApiError {
  switch (outcome) {
    case 'exists':
      return new ApiError('ConflictError', `The container ${name} has a user ${username} already: choose another username.`);
    case 'uid-in-use':
      return new ApiError('ConflictError', `uid: another user of the container ${name} has the id ${uid ?? ''}; choose another.`);
    case 'group-differs':
      return invalidField(
        'gid',
        `gid: the container has a group ${username} whose id is not ${gid ?? ''}; leave gid out to use that group.`,
      );
    case 'no-group':
      return invalidField('groups', `groups: the container has no group ${details}: create it first, or leave it out.`);
    case 'bad-name':
      return invalidField('username', `username: the program that adds users in the container refused it: ${details}`);
    case 'no-password-tool':
      return invalidField(
        'password',
        'password: the container has no chpasswd and no passwd to set it with; add the user without a password.',
      );
    default:
      return new ApiError('PodmanAPIError', `The user could not be added: ${details}`);
  }
}
