import type { ErrorPattern } from './pattern.ts';

/** Errors about containers whose state does not allow the command. */
export const statePatterns: readonly ErrorPattern[] = [
  {
    pattern: /can only create exec sessions on running containers/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['exec']),
    message: () => 'The container is not running: start it first.',
  },
  {
    // The state changed while podman prepared the exec.
    pattern: /can only start exec sessions when their container is running|has no exec session with ID/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['exec']),
    message: () => 'The container has just stopped or restarted: send the request again.',
  },
  {
    // The container's process has ended, and podman has not recorded it yet. In this order: runc, runc as podman words it for a missing
    // command, crun.
    pattern: /cannot exec in a stopped container|namespace path: lstat \/proc\/\d+\/ns\/|the container \S+ is not running/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['exec']),
    message: () => 'The container is not running: start it first.',
  },
  {
    // runc, crun: the container was paused after podman had checked its state.
    pattern: /cannot exec in a paused container|the container \S+ is paused/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['exec']),
    message: () => 'The container is paused: unpause it first.',
  },
  {
    // Podman unlocks a container before it joins the namespaces of its process, which may have ended meanwhile.
    pattern: /open \/proc\/\d+\/ns\/\w+: no such file/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['cp']),
    message: () => 'The container has just stopped: send the request again.',
  },
  {
    pattern:
      /can only kill running containers|top can only be used on running containers|is not running, can't pause|is not paused, can't unpause/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['kill', 'pause', 'unpause', 'top']),
    message: () => 'The container is not running: start it first.',
  },
  {
    // Podman reads the processes without the container's lock.
    pattern: /\/proc\/\d+\/\S*: no such (?:file|process)/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['top']),
    message: () => 'The container or one of its processes has just ended: send the request again.',
  },
  {
    pattern: /cannot get cgroup path unless container|unable to (?:load cgroup|obtain cgroup stats)/,
    reason: 'not-running',
    type: 'ConflictError',
    verbs: new Set(['stats']),
    message: () => 'The container is not running: start it first.',
  },
  {
    pattern:
      /can not (?:un)?pause containers on rootless containers with cgroup V1|pause is not supported for cgroupv1 rootless containers/,
    reason: 'not-supported',
    type: 'ConflictError',
    verbs: new Set(['pause', 'unpause']),
    message: () =>
      'The podman of this node cannot pause or unpause containers, because it runs without root on cgroups v1: use cgroups v2 there, or stop the container.',
  },
  {
    pattern: /stats is not supported in rootless mode without cgroups v2/,
    reason: 'not-supported',
    type: 'ConflictError',
    verbs: new Set(['stats']),
    message: () => 'The podman of this node cannot read statistics, because it runs without root on cgroups v1: use cgroups v2 there.',
  },
  {
    pattern: /cannot remove container (\S+) as it is (?:running|paused|stopping)/,
    reason: 'running',
    type: 'ConflictError',
    verbs: new Set(['rm']),
    message: () => 'The container is running, paused or stopping: stop it first, or remove it with force=true.',
  },
  {
    pattern: /container state improper/,
    reason: 'bad-state',
    type: 'ConflictError',
    message: () => "The container's state does not allow that now: read its status and try again.",
  },
];
