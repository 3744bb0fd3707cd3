import { destination, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

/** A log of JSON lines. Nothing that is logged holds a secret, a command's text or a file's content. */
export type Log = Logger;

/**
 * A log on stdout: one JSON line an event, or one short coloured line where stdout is a terminal.
 * @param app the process's name, in every line
 * @param debug whether debug lines are written too
 */
export async function createLog(app: string, debug: boolean): Promise<Log> {
  const options = {
    level: debug ? 'debug' : 'info',
    base: { app, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: withoutCommand },
  };
  // Written at once: else what is logged last is written by two threads when the process ends, in any order.
  if (!process.stdout.isTTY) return pino(options, ignoreWriteErrors(destination({ fd: process.stdout.fd, sync: true })));
  const { prettyStream } = await import('./pretty-log.ts');
  return pino(options, ignoreWriteErrors(prettyStream()));
}

/** A terminal that was closed, or a reader that has ended, must not end the process before it has stopped in order. */
function ignoreWriteErrors<Stream extends NodeJS.EventEmitter>(stream: Stream): Stream {
  return stream.on('error', () => {});
}

/** An error of ioredis's has the whole command that failed, and so all of a job. */
function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { command: _command, ...rest } = Object.assign({}, stdSerializers.err(error));
  return rest;
}
