export type { AttachCommand, AttachOptions, AttachResult } from './attach/start-attached.ts';
export type { ResourceUsage } from './attach/usage-meter.ts';
export { type CountedPodman, createPodman, createPodmanService, type PodmanHostOptions, type PodmanOptions } from './create-podman.ts';
export { type FaultReason, PodmanFault } from './error-patterns/podman-fault.ts';
export { type ExecCommand, type ExecOptions, type ExecResult, execArguments } from './exec/exec-command.ts';
export type { ScriptReport } from './exec/read-report.ts';
export type {
  ArchiveHead,
  ByteRange,
  ContainerFile,
  ExtractedArchive,
  FileFailure,
  FileType,
  HelperAnswer,
  HelperRequest,
  ReadHead,
  TreeMount,
} from './files/protocol.ts';
export type { FileOptions, FileSource } from './files/run-helper.ts';
export { hasHealthTimers } from './health/check-health.ts';
export type { TerminalSize } from './interactive/exec-folder.ts';
export type { InteractiveCommand, InteractiveOptions, RunningCommand } from './interactive/exec-interactive.ts';
export type { BatchSink, FollowEnd, FollowedBatch, FollowedRecord, FollowQuery } from './logs/follow-file.ts';
export type { LogQuery, LogText } from './logs/log-file.ts';
export type { BuildIsolation, EarlySessions, Podman } from './podman.ts';
export { probe, readVersion } from './probe.ts';
export type { CommandEnd, CommandObserver, ObservedCommand } from './process/command-observer.ts';
export type { CommandOptions } from './process/run-process.ts';
export type { EquivalentQuery } from './service/equivalent-query.ts';
export type { PodmanService } from './service/podman-service.ts';
export { findSettingsFiles, readSettingsFile } from './settings-files.ts';
export type { IdentifiedContainer } from './state/container-ids.ts';
export type { Mount } from './state/mounts.ts';
