import { defineCommand } from '../../define-command.ts';
import { UsageError } from '../../errors.ts';
import { omitUndefined } from '../../parse-flags.ts';
import { parseContainerPath } from './container-path.ts';
import { copyIn } from './copy-in.ts';
import { copyOut } from './copy-out.ts';

export const cp = defineCommand({
  positionals: 'PATH|- NAME:PATH | NAME:PATH PATH|-',
  description: 'Copies a file or directory into or out of a container; - is stdin or stdout, for directories as a tar archive.',
  example: 'podman-api cp box:/etc/hostname ./hostname',
  flags: {
    mode: { type: 'string', value: 'OCTAL', description: 'mode of the copy in the container; default: that of the file, or 644 for stdin' },
    owner: {
      type: 'string',
      value: 'USER[:GROUP]',
      description: 'owner of the copy in the container; default: that of the file it replaces, or root',
    },
  },
  async run({ mode, owner }, [source = '', target = '', ...rest], context) {
    const from = parseContainerPath(source);
    const to = parseContainerPath(target);
    if (target === '' || rest.length > 0 || (from === undefined) === (to === undefined)) {
      throw new UsageError('cp needs a path of this host (or -) and NAME:/absolute/path, in either order.');
    }
    if (to) await copyIn(source, to, omitUndefined({ mode, owner }), context);
    if (!from) return 0;
    if (mode !== undefined || owner !== undefined) throw new UsageError('--mode and --owner are for copies into a container.');
    await copyOut(from, target, context);
    return 0;
  },
});
