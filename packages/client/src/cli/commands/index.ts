import type { CliCommand, CommandGroup } from '../define-command.ts';
import { commit, diff, update } from './changes.ts';
import { container } from './containers.ts';
import { cp } from './cp/index.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { load, save } from './images/archives.ts';
import { build } from './images/build.ts';
import { inspectImages, pruneImages, rmi, tag } from './images/changes.ts';
import { images } from './images/list.ts';
import { pull } from './images/pull.ts';
import { push } from './images/push.ts';
import { inspect } from './inspect.ts';
import { jobs } from './jobs.ts';
import { kill, pause, rename, restart, start, stop, unpause } from './lifecycle.ts';
import { logs } from './logs.ts';
import { network } from './networks.ts';
import { nodes } from './nodes.ts';
import { pool } from './pools.ts';
import { proxy } from './proxy/index.ts';
import { ps } from './ps.ts';
import { rm } from './rm.ts';
import { run } from './run/index.ts';
import { stats } from './stats.ts';
import { token } from './token.ts';
import { top } from './top.ts';
import { volume } from './volumes.ts';
import { wait } from './wait.ts';

/** Commands under one heading of the help. */
export interface Section {
  readonly title: string;
  /** By their names. */
  readonly commands: Readonly<Record<string, CliCommand | CommandGroup>>;
}

const image: CommandGroup = {
  description: 'Builds, lists, inspects, removes, tags, pulls, pushes, saves and loads images; prune removes those that no container uses.',
  commands: { ls: images, inspect: inspectImages, rm: rmi, tag, build, pull, push, save, load, prune: pruneImages },
};

/** All commands, in the order of the help. */
export const sections: readonly Section[] = [
  { title: 'Commands in containers', commands: { run, exec, cp } },
  {
    title: 'Containers',
    commands: { ps, inspect, start, stop, restart, kill, pause, unpause, wait, rename, update, rm, container },
  },
  { title: 'Observation', commands: { logs, stats, top, diff, events } },
  { title: 'Images', commands: { build, pull, push, images, rmi, tag, commit, save, load, image } },
  { title: 'Volumes and networks', commands: { volume, network } },
  { title: "Docker's clients", commands: { proxy } },
  { title: 'Service', commands: { pool, jobs, nodes, token } },
];
