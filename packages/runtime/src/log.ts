import { destination, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

/** Log of JSON lines. Lines hold no secrets, commands or file contents. */
export type Log = Logger;

/**
 * Creates a log on stdout: one JSON line per event, or one short coloured line if stdout is a terminal.
 * @param app name of the process, in every line
 * @param isDebug whether debug lines are written too
 */
export async function createLog(app: string, isDebug: boolean): Promise<Log> {
  const options = {
    level: isDebug ? 'debug' : 'info',
    base: { app, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: withoutCommand },
  };
  // Synchronous, because at exit two threads would write the last lines in any order.
  if (!process.stdout.isTTY) return pino(options, ignoreWriteErrors(destination({ fd: process.stdout.fd, sync: true })));
  const { prettyStream } = await import('./pretty-log.ts');
  return pino(options, ignoreWriteErrors(prettyStream()));
}

/** Ignores write errors: a closed terminal or pipe must not stop the process before its clean shutdown. */
function ignoreWriteErrors<Stream extends NodeJS.EventEmitter>(stream: Stream): Stream {
  return stream.on('error', () => {});
}

/** Serializes an error without the field `command`, in which ioredis puts the whole command, including the job. */
function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { command: _command, ...rest } = Object.assign({}, stdSerializers.err(error));
  return rest;
}
