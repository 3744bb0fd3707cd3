import { type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

/** A log of JSON lines. Nothing that is logged holds a secret, a command's text or a file's content. */
export type Log = Logger;

/**
 * A log on stdout, one JSON line an event.
 * @param app the process's name, in every line
 * @param debug whether debug lines are written too
 */
export function createLog(app: string, debug: boolean): Log {
  return pino({
    level: debug ? 'debug' : 'info',
    base: { app, pid: process.pid },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    serializers: { err: withoutCommand },
  });
}

/** An error of ioredis's has the whole command that failed, and so all of a job. */
function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { command: _command, ...rest } = Object.assign({}, stdSerializers.err(error));
  return rest;
}
