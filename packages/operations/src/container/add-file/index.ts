import { posix } from 'node:path';
import Joi from 'joi';
import { userRefusals } from '../../policy/rules.ts';
import { count, shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { endLeftovers } from '../job-processes.ts';
import { copyFile } from './copy-file.ts';
import { type AddFileInput, addFileInput } from './input.ts';
import type { NewFile } from './new-file.ts';
import { putFile } from './put-file.ts';

interface AddedFile {
  readonly dest_path: string;
  /** Bytes. */
  readonly size: number;
}

const description = `Missing directories above the file are created and belong to root. The content replaces a file in one step: a reader sees the old content or the new one.

- Without \`mode\` and \`owner\`, the file keeps those of the file that it replaces; a new one gets 0644 and root. In a container that is stopped, or whose image has no shell, the owner is root unless given.
- A symbolic link is followed inside the container, as \`docker cp\` does. It is not followed (400) if a user other than root can change it and it leads to a directory of another user; nor at the end of \`dest_path\` if the container is stopped or has no shell.
- A file that is mounted by itself, such as /etc/hosts, is written in place, which is not atomic. Anything but a regular file is refused (400).
- The container may be stopped, and needs no shell. Files that podman replaces at each start are refused (409) while the container is stopped: /etc/hosts, /etc/hostname, /etc/resolv.conf, /dev and mounts in memory.`;

/** Puts a file into a container: by a script in it, or by `podman cp` if it is stopped or has no shell. */
export const addFile = defineContainerOperation<AddFileInput, AddedFile>({
  name: 'container.add_file',
  method: 'POST',
  path: '/containers/:name/files',
  scope: 'exec',
  input: addFileInput,
  secrets: ['content'],
  noun: 'file',
  status: 201,
  summary: 'Writes a file into a container atomically',
  description,
  results: { 201: shape<AddedFile>('AddedFile', { dest_path: Joi.string(), size: count().description('Bytes.') }) },
  example: {
    input: { name: 'web', dest_path: '/srv/index.html', content: '<h1>Hello</h1>\n', mode: '0644' },
    result: { dest_path: '/srv/index.html', size: 15 },
  },
  async run(podman, { name, dest_path, content, encoding = 'utf8', mode = '', owner = '' }, context) {
    const file: NewFile = { path: posix.normalize(dest_path), content: Buffer.from(content, encoding), mode, owner };
    const put = await putFile(podman, name, file, context);
    if (!put) await copyFile(podman, name, file, context);
    return { dest_path, size: file.content.length };
  },
  // The script runs as root, so the policy must allow root: root can become any other user.
  refusals: (_input, policy) => userRefusals('root', policy),
  recover: endLeftovers,
});
