export { type CountedPodman, createPodman, type PodmanOptions } from './create-podman.ts';
export type { LogQuery, LogText } from './logs/log-file.ts';
export { probe, readVersion } from './probe.ts';
export type { SessionCommand } from './session/request.ts';
export type { Captured, CaptureOptions, Chunk, CommandOptions, Mount, Podman, Report, StreamName, Take } from './types.ts';
export type { Command, CommandEnd, Watch } from './watch.ts';
export { type FaultReason, PodmanFault } from './words.ts';
