import { posix } from 'node:path';
import Joi, { type CustomValidator } from 'joi';
import { define } from '../operation.ts';
import { userRefusals } from '../policy/rules.ts';
import { bodyText, boundedText } from '../schemas/bounds.ts';
import { containerName, containerUser } from '../schemas/names.ts';
import { count, shape } from '../schemas/shape.ts';
import { containerPath } from '../schemas/text.ts';
import { copyFile } from './files/copy-file.ts';
import type { NewFile } from './files/new-file.ts';
import { putFile } from './files/put-file.ts';
import { endLeftovers } from './mark.ts';

interface AddFileInput {
  readonly name: string;
  readonly dest_path: string;
  readonly content: string;
  readonly encoding?: 'utf8' | 'base64';
  /** Octal digits. */
  readonly mode?: string;
  readonly owner?: string;
}

interface AddedFile {
  readonly dest_path: string;
  /** Bytes. */
  readonly size: number;
}

/** Node.js skips what is no base64 instead of refusing it. */
const decodable: CustomValidator<string> = (content, helpers) => {
  const { encoding }: { encoding?: unknown } = helpers.state.ancestors[0];
  if (encoding !== 'base64' || /^[A-Za-z0-9+/]*={0,2}$/.test(content)) return content;
  return helpers.message({ custom: '{{#label}} must be base64, as encoding says' });
};

/** The kernel keeps no files in /proc and /sys; podman would put one below what is mounted there. */
const notKernels: CustomValidator<string> = (path, helpers) => {
  if (path.endsWith('/.')) return helpers.message({ custom: '{{#label}} must name a file, not a directory' });
  if (!/^\/(proc|sys)(\/|$)/.test(posix.normalize(path))) return path;
  return helpers.message({ custom: '{{#label}} must not be in /proc or /sys, where the kernel keeps no files' });
};

const description = `Folders above the file are made, as root's. The content replaces a file in one step: a reader sees the old content or the new one.

- Without \`mode\` and \`owner\`, the file keeps those of the file that it replaces; a new one gets 0644 and root. In a container that is stopped, or whose image has no shell, the owner is root unless given.
- A symbolic link is followed inside the container, as \`docker cp\` does. It is not followed (400) if a user other than root can change it and it leads to a folder of somebody else; nor at the end of \`dest_path\` if the container is stopped or has no shell.
- A file that is mounted by itself, such as /etc/hosts, is written in place, which is not atomic. Anything but a regular file is refused (400).
- The container may be stopped, and needs no shell. What podman replaces at each start is refused (409) while the container is stopped: /etc/hosts, /etc/hostname, /etc/resolv.conf, /dev and mounts in memory.`;

/**
 * Puts a file into a container by a script in it; into one that is stopped, or has no shell, by `podman cp`.
 */
export const addFile = define<AddFileInput, AddedFile>({
  name: 'container.add_file',
  method: 'POST',
  path: '/containers/:name/files',
  scope: 'exec',
  input: Joi.object<AddFileInput>({
    name: containerName().required(),
    dest_path: containerPath()
      .pattern(/[^/]$/)
      .required()
      .messages({ 'string.pattern.base': '{{#label}} must name a file: no NUL, and no "/" at the end' })
      .custom(notKernels)
      .description('An absolute path without `..`; folders above it are made.'),
    content: bodyText().required().custom(decodable).description('A text, or base64 if `encoding` says so.'),
    encoding: Joi.string().valid('utf8', 'base64').description('How `content` holds the bytes of the file. Default: `utf8`.'),
    mode: boundedText(4)
      .pattern(/^[0-7]{3,4}$/)
      .messages({ 'string.pattern.base': '{{#label}} must be three or four octal digits, as in "0644"' })
      .description('Octal digits. Default: that of the file that is replaced, `0644` for a new one.'),
    owner: containerUser().description('A user or uid, or `user:group`. Default: that of the file that is replaced, root for a new one.'),
  }),
  secrets: ['content'],
  noun: 'file',
  status: 201,
  summary: 'Puts a file into a container, whole or not at all',
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
  // A script of ours does it as root, which can make any user of anyone.
  refusals: (_input, policy) => userRefusals('root', policy),
  recover: endLeftovers,
});
