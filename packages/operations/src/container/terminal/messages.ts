import { constants } from 'node:os';
import Joi from 'joi';
import { signalName } from '../../schemas/signal.ts';
import { validateAgainst } from '../../validate-input.ts';
import { terminalDimension } from './input.ts';

/** Message of the API to the worker on the channel of a terminal. Bytes between the messages are for the command's stdin. */
export type TerminalRequest =
  /** The first message: `since` is the position in the output at which to continue; default: with the oldest output that is kept. */
  | { readonly type: 'attach'; readonly since?: number }
  | { readonly type: 'resize'; readonly cols: number; readonly rows: number }
  /** A signal for the foreground of the terminal; without a terminal, for all processes of the command. */
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals }
  /** The end of the command's stdin. Without effect in a terminal. */
  | { readonly type: 'end_stdin' };

/** Message of the worker to the API. Bytes between the messages are output, see `OutputFrames`. */
export type TerminalReport =
  /** The command runs; `offset` is the position of the output that follows, and `tty` whether it runs in a terminal. */
  | { readonly type: 'ready'; readonly offset: number; readonly tty: boolean }
  /** The command has ended; all its output was sent. `exit_code` is what was observed, else `null`. */
  | { readonly type: 'exit'; readonly exit_code: number | null };

/** Signals that Node.js can send, which real-time signals are not. */
const signal = () =>
  signalName().custom((name: string, helpers) =>
    name in constants.signals ? name : helpers.message({ custom: '{{#label}} must not be a real-time signal' }),
  );

const requests: Readonly<Record<string, Joi.ObjectSchema<TerminalRequest>>> = {
  attach: Joi.object({ type: Joi.string(), since: Joi.number().integer().min(0) }),
  resize: Joi.object({ type: Joi.string(), cols: terminalDimension().required(), rows: terminalDimension().required() }),
  signal: Joi.object({ type: Joi.string(), signal: signal().required() }),
  end_stdin: Joi.object({ type: Joi.string() }),
};

const anyRequest = Joi.object({ type: Joi.valid(...Object.keys(requests)).required() }).unknown();

/** Validates a message to a terminal. @throws ApiError (400) that names the fields that are wrong */
export function parseTerminalRequest(message: object): TerminalRequest {
  const { type }: { readonly type: string } = validateAgainst(anyRequest, message);
  return validateAgainst(requests[type] ?? anyRequest, message);
}

/** Reads a message of a worker. @throws Error if it is invalid */
export function parseTerminalReport(message: object): TerminalReport {
  if ('type' in message && message.type === 'ready' && 'offset' in message && typeof message.offset === 'number') {
    return { type: 'ready', offset: message.offset, tty: !('tty' in message) || message.tty !== false };
  }
  if ('type' in message && message.type === 'exit' && 'exit_code' in message) {
    return { type: 'exit', exit_code: typeof message.exit_code === 'number' ? message.exit_code : null };
  }
  throw new Error('the worker sent an unknown message about a terminal');
}
