import { toApiError } from '@podman-api/errors';
import type { CommandEnd, CommandObserver, ObservedCommand } from '@podman-api/podman';
import type { Log, Span, Tracing } from '@podman-api/runtime';
import { currentJob } from './current-job.ts';

type CurrentJob = ReturnType<typeof currentJob.getStore>;

/**
 * Creates an observer that adds podman's commands to the debug log, and to the trace of their job: the verb, the duration and the exit
 * code. Everything else in a command may be text from a caller.
 * @returns `undefined` if the log level is above debug and tracing is off
 */
export function watchCommands(log: Log, tracing: Tracing): CommandObserver | undefined {
  const isDebug = log.isLevelEnabled('debug');
  if (!isDebug && !tracing.isEnabled) return undefined;
  return command => {
    const startedAtMs = performance.now();
    const job = currentJob.getStore();
    const span = job && tracing.hasActiveSpan ? startCommand(tracing, command) : undefined;
    return end => {
      if (span) endCommand(span, command, end);
      if (isDebug) logCommand(log, command, end, performance.now() - startedAtMs, job);
    };
  };
}

function logCommand(log: Log, { verb, isInSession }: ObservedCommand, end: CommandEnd, durationMs: number, job: CurrentJob): void {
  const line = {
    podman: verb,
    session: isInSession,
    ...(job && { job: job.id, operation: job.operation }),
    exit_code: end.exitCode ?? null,
    ...(end.error !== undefined && { error: toApiError(end.error).type }),
    duration_ms: Math.round(durationMs * 10) / 10,
  };
  log.debug(line, `podman ${verb} ${end.exitCode == null ? 'returned no exit code' : `exited with ${end.exitCode}`}`);
}

function startCommand(tracing: Tracing, { verb, isInSession }: ObservedCommand): Span {
  const attributes = { 'process.executable.name': 'podman', 'podman_api.podman.command': verb, 'podman_api.podman.session': isInSession };
  return tracing.startSpan(`podman ${verb}`, { kind: 'client', attributes });
}

/** Ends a span. The exit code of an exec is that of the caller's command, so it is not a failure of podman. */
function endCommand(span: Span, { verb }: ObservedCommand, { exitCode, error }: CommandEnd): void {
  span.setAttributes({ 'process.exit.code': exitCode ?? undefined });
  if (error !== undefined) span.setError(toApiError(error).type);
  else if (verb !== 'exec' && exitCode) span.setError(String(exitCode));
  span.end();
}
