import type { Command } from '../define-command.ts';
import { cp } from './cp.ts';
import { exec } from './exec.ts';
import { inspect } from './inspect.ts';
import { jobs } from './jobs.ts';
import { kill, pause, rename, restart, start, stop, unpause } from './lifecycle.ts';
import { logs } from './logs.ts';
import { nodes } from './nodes.ts';
import { ps } from './ps.ts';
import { rm } from './rm.ts';
import { run } from './run/index.ts';
import { wait } from './wait.ts';

/** All commands by name, in the order of the help. */
export const commands: Readonly<Record<string, Command>> = {
  run,
  exec,
  logs,
  cp,
  ps,
  inspect,
  start,
  stop,
  restart,
  kill,
  pause,
  unpause,
  rename,
  wait,
  rm,
  jobs,
  nodes,
};
