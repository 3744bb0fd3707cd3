import Joi from 'joi';
import { userRefusals } from '../../policy/rules.ts';
import { count, shape } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { endLeftovers } from '../job-processes.ts';
import { type TerminalInput, terminalInput } from './input.ts';
import { runTerminal, type TerminalEnd } from './run.ts';

/** Opens a terminal in a running container: a command that a client controls over a WebSocket. */
export const terminal = defineContainerOperation<TerminalInput, TerminalEnd>({
  name: 'container.terminal',
  method: 'GET',
  path: '/containers/:name/terminal',
  scope: 'exec',
  query: ['command', 'tty', 'cols', 'rows', 'user', 'work_dir', 'stdin', 'timeout', 'reconnect_timeout'],
  headers: { environment: 'X-Podman-Api-Environment' },
  input: terminalInput,
  secrets: ['environment'],
  lane: 'waits',
  changes: () => true,
  isWebSocket: true,
  noun: 'terminal',
  summary: 'Opens a terminal in a running container by a WebSocket',
  description:
    'Send `Upgrade: websocket`; the messages are described in docs/terminals.md. The command is ended in the container when it has been without a connection for `reconnect_timeout`.',
  results: {
    200: shape<TerminalEnd>('TerminalEnd', {
      exit_code: Joi.number().integer().allow(null).description('The observed exit code; null if none was observed.'),
      duration_ms: count(),
    }),
  },
  example: { input: { name: 'web', command: ['sh'], cols: 120, rows: 40 }, result: { exit_code: 0, duration_ms: 81_250 } },
  refusals: ({ user }, policy) => userRefusals(user, policy),
  timeout: ({ timeout = defaultTimeoutSeconds }) => timeout,
  run: runTerminal,
  recover: endLeftovers,
});

const defaultTimeoutSeconds = 86_400;
