import { addFile } from './container/add-file/index.ts';
import { addUser } from './container/add-user/index.ts';
import { changes } from './container/changes/index.ts';
import { claim } from './container/claim/index.ts';
import { commit } from './container/commit/index.ts';
import { create } from './container/create/index.ts';
import { exec } from './container/exec/index.ts';
import { listFiles } from './container/files/list/index.ts';
import { makeDirectory } from './container/files/make-directory/index.ts';
import { moveFile } from './container/files/move/index.ts';
import { readFile } from './container/files/read/index.ts';
import { readArchive } from './container/files/read-archive/index.ts';
import { removeFile } from './container/files/remove/index.ts';
import { statFile } from './container/files/stat/index.ts';
import { writeFile } from './container/files/write/index.ts';
import { writeArchive } from './container/files/write-archive/index.ts';
import { find } from './container/find/index.ts';
import { inspect } from './container/inspect/index.ts';
import { kill } from './container/kill/index.ts';
import { list } from './container/list/index.ts';
import { logs } from './container/logs/index.ts';
import { pause } from './container/pause/index.ts';
import { prune } from './container/prune/index.ts';
import { remove } from './container/remove/index.ts';
import { rename } from './container/rename/index.ts';
import { renew } from './container/renew/index.ts';
import { restart } from './container/restart/index.ts';
import { start } from './container/start/index.ts';
import { stats } from './container/stats/index.ts';
import { stop } from './container/stop/index.ts';
import { terminal } from './container/terminal/index.ts';
import { top } from './container/top/index.ts';
import { unpause } from './container/unpause/index.ts';
import { update } from './container/update/index.ts';
import { wait } from './container/wait/index.ts';
import { dockerAttach } from './docker/attach.ts';
import { dockerCreateContainer } from './docker/create-container.ts';
import { dockerInspectImage, dockerListImages } from './docker/images.ts';
import { dockerInspectContainer } from './docker/inspect-container.ts';
import { dockerListContainers } from './docker/list-containers.ts';
import { dockerListNetworks } from './docker/list-networks.ts';
import { dockerLogs } from './docker/logs.ts';
import { dockerRemoveLabelled } from './docker/remove-labelled.ts';
import { dockerStartAttached } from './docker/start-attached.ts';
import { dockerTunnel } from './docker/tunnel.ts';
import { build } from './image/build/index.ts';
import { exportImage } from './image/export/index.ts';
import { inspect as inspectImage } from './image/inspect/index.ts';
import { list as listImages } from './image/list/index.ts';
import { load } from './image/load/index.ts';
import { prune as pruneImages } from './image/prune/index.ts';
import { pull } from './image/pull/index.ts';
import { push } from './image/push/index.ts';
import { remove as removeImage } from './image/remove/index.ts';
import { tag } from './image/tag/index.ts';
import { connect } from './network/connect/index.ts';
import { createNetwork } from './network/create/index.ts';
import { disconnect } from './network/disconnect/index.ts';
import { inspectNetwork } from './network/inspect/index.ts';
import { listNetworks } from './network/list/index.ts';
import { pruneNetworks } from './network/prune/index.ts';
import { removeNetwork } from './network/remove/index.ts';
import type { Operation, RequestedTask, Task } from './operation.ts';
import { createRun } from './run/create/index.ts';
import { createVolume } from './volume/create/index.ts';
import { inspectVolume } from './volume/inspect/index.ts';
import { listVolumes } from './volume/list/index.ts';
import { pruneVolumes } from './volume/prune/index.ts';
import { removeVolume } from './volume/remove/index.ts';

/** Operations on containers. A new operation is a folder and a line in one of these groups. */
export const containerOperations = {
  create,
  list,
  inspect,
  remove,
  prune,
  start,
  stop,
  restart,
  kill,
  pause,
  unpause,
  rename,
  update,
  commit,
  renew,
  wait,
  top,
  stats,
  changes,
  logs,
  addUser,
  addFile,
  readFile,
  writeFile,
  readArchive,
  writeArchive,
  removeFile,
  statFile,
  listFiles,
  moveFile,
  makeDirectory,
  exec,
  terminal,
};

/** Operations on images. */
export const imageOperations = {
  pull,
  list: listImages,
  // Before `inspect`, whose route has the same form.
  export: exportImage,
  inspect: inspectImage,
  remove: removeImage,
  tag,
  push,
  prune: pruneImages,
  load,
  build,
};

/** Operations on volumes. */
export const volumeOperations = {
  create: createVolume,
  list: listVolumes,
  inspect: inspectVolume,
  remove: removeVolume,
  prune: pruneVolumes,
};

/** Operations on networks. */
export const networkOperations = {
  create: createNetwork,
  list: listNetworks,
  inspect: inspectNetwork,
  remove: removeNetwork,
  prune: pruneNetworks,
  connect,
  disconnect,
};

/** All operations that callers can request, in the order of their routes. */
export const operations: readonly Operation[] = [
  ...Object.values(containerOperations),
  createRun,
  ...Object.values(imageOperations),
  ...Object.values(volumeOperations),
  ...Object.values(networkOperations),
];

/** Tasks that only the Docker-compatible API runs. */
export const dockerTasks: readonly RequestedTask[] = [
  dockerCreateContainer,
  dockerInspectContainer,
  dockerListContainers,
  dockerInspectImage,
  dockerListImages,
  dockerListNetworks,
  dockerStartAttached,
  dockerRemoveLabelled,
  dockerTunnel,
  dockerAttach,
  dockerLogs,
];

const locates = operations.flatMap(({ reach }) => (typeof reach === 'object' ? [reach.locate] : []));

/** Operations that an operation becomes if its response is a stream. */
export const streamOperations: readonly Operation[] = operations.flatMap(({ stream }) => (stream ? [stream.operation] : []));

/** All tasks that a job can run: the operations, and internal tasks of the API. */
const tasks: readonly Task[] = [...new Set<Task>([...operations, ...streamOperations, ...dockerTasks, claim, find, ...locates])];

/** The names of all tasks of this version. */
export const taskNames: ReadonlySet<string> = new Set(tasks.map(({ name }) => name));

/** Returns the task with a name; `undefined` if this version has none. */
export function findTask(name: string): Task | undefined {
  return tasks.find(task => task.name === name);
}

/** Returns the operation with a name; `undefined` if this version has none. */
export function findOperation(name: string): Operation | undefined {
  return [...operations, ...streamOperations].find(operation => operation.name === name);
}
