import type { CommandGroup } from '../../define-command.ts';
import { load, save } from './archives.ts';
import { build } from './build.ts';
import { inspectImages, pruneImages, rmi, tag } from './changes.ts';
import { images } from './list.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';

/** `podman-api image …`, in addition to the commands of images that have a name of their own. */
export const image: CommandGroup = {
  description: 'Builds, lists, inspects, removes, tags, pulls, pushes, saves and loads images; prune removes those that no container uses.',
  commands: { ls: images, inspect: inspectImages, rm: rmi, tag, build, pull, push, save, load, prune: pruneImages },
};
