export { type CountedPodman, createPodman, type PodmanOptions } from './create-podman.ts';
export { type ExecCommand, execArguments } from './exec/command.ts';
export type { LogQuery, LogText } from './logs/log-file.ts';
export { type FaultReason, PodmanFault } from './podman-fault.ts';
export { probe, readVersion } from './probe.ts';
export type { Chunk, CommandOptions, ExecOptions, ExecResult, Mount, Podman, ScriptReport, StreamName, Take } from './types.ts';
export type { Command, CommandEnd, Watch } from './watch.ts';
