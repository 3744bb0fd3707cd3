import { ApiError } from '@podman-api/errors';
import {
  boundedText,
  enforcePolicy,
  type Operation,
  queryFlag,
  queryInteger,
  validateAgainst,
  validationError,
} from '@podman-api/operations';
import Joi from 'joi';
import { type RouteContext, requesterOf } from '../context.ts';
import type { AppParts } from '../parts.ts';
import { readInput } from '../request/input.ts';
import { readNode } from '../request/node.ts';
import { recordChange } from '../request/record-change.ts';
import { authorizeJob } from '../routes/jobs/authorize-job.ts';
import { acceptWebSocket } from '../web-sockets.ts';
import { ClientConnection } from './client-connection.ts';
import { createKubernetesProtocol, createOwnProtocol, kubernetesProtocol, protocolNames } from './protocol.ts';
import { serveTerminal } from './serve-terminal.ts';
import { attachTerminal, startTerminal, type TerminalSession } from './terminal-session.ts';

/** Parameters of the connection, in addition to those of the terminal. */
interface ConnectionQuery {
  readonly session?: string;
  readonly since?: number;
  readonly takeover?: boolean;
  readonly ticket?: string;
}

const maxTextLength = 256;

/** Schema of the parameters of the connection. */
export const connectionQuery = Joi.object<ConnectionQuery>({
  session: boundedText(maxTextLength).description('Continues this terminal: the `session` of its `ready` message.'),
  since: queryInteger(0, Number.MAX_SAFE_INTEGER).description(
    'With `session`: the number of bytes of output that the client has received; later output is sent again, if it is still kept.',
  ),
  takeover: queryFlag().description(
    'With `session`: true closes a connection that is still open. By default, the request is refused with 409 in that case.',
  ),
  ticket: boundedText(maxTextLength).description('A ticket instead of a token, see `POST /tickets`.'),
});

const ownFields: ReadonlySet<string> = new Set(Object.keys(connectionQuery.describe().keys));

/** Handles the route of a terminal: checks the request, accepts the WebSocket and serves the terminal over it. */
export function handleTerminal(operation: Operation, parts: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    const { requestedNode, query } = readNode(ctx, operation);
    const entries = Object.entries(query);
    const connection = validateAgainst(connectionQuery, Object.fromEntries(entries.filter(([name]) => ownFields.has(name))));
    const rest = Object.fromEntries(entries.filter(([name]) => !ownFields.has(name)));
    const connect =
      connection.session === undefined
        ? await prepareStart(ctx, operation, parts, rest, requestedNode)
        : await prepareAttach(ctx, parts, connection, rest);
    const name = chooseProtocol(ctx.get('Sec-WebSocket-Protocol'));
    const socket = await acceptWebSocket(ctx, name);
    const protocol = name === kubernetesProtocol ? createKubernetesProtocol() : createOwnProtocol(() => ctx.state.jobId ?? '');
    const client = new ClientConnection(socket, protocol);
    const { token } = ctx.state;
    // The connection continues after this function has returned.
    void serveTerminal({
      client,
      protocol,
      isAllowed: () => !token || parts.tokens.isValid(token),
      draining: parts.draining,
      log: parts.log,
      async open() {
        const session = await connect(client.gone);
        ctx.state.jobId = session.id;
        recordChange(ctx, parts.audit, {
          operation: operation.name,
          outcome: connection.session === undefined ? 'opened' : 'attached',
          container: ctx.params['name'] ?? null,
          job: session.id,
        });
        return session;
      },
    });
  };
}

/** Connects to a terminal; the signal is aborted when the client is gone. */
type ConnectTerminal = (gone: AbortSignal) => Promise<TerminalSession>;

/** Checks a request for a new terminal. @throws ApiError (400, 403) */
async function prepareStart(
  ctx: RouteContext,
  operation: Operation,
  parts: AppParts,
  query: RouteContext['query'],
  requestedNode: string | undefined,
): Promise<ConnectTerminal> {
  const { name: container = '' } = ctx.params;
  const { input } = await readInput(ctx, operation, ctx.params, query, parts.config.MAX_BODY);
  enforcePolicy(operation, input, parts.policy);
  const start = { ...requesterOf(ctx), quotas: ctx.state.token?.quotas, container, input, requestedNode };
  return signal => startTerminal(parts, { ...start, signal });
}

/** Checks a request to reconnect to a terminal. @throws ApiError (400, 403, 404) */
async function prepareAttach(
  ctx: RouteContext,
  parts: AppParts,
  { session = '', since, takeover = false }: ConnectionQuery,
  query: RouteContext['query'],
): Promise<ConnectTerminal> {
  const misplaced = Object.keys(query).map(path => ({
    path,
    message: `${path} of an open terminal cannot be changed: leave it out when session is set`,
  }));
  if (misplaced.length > 0) throw validationError(misplaced);
  const job = authorizeJob(ctx, session, await parts.jobs.read(session));
  if (job.container !== ctx.params['name']) {
    throw new ApiError('NotFoundError', `The terminal ${session} is in the container ${job.container}: name it in the path.`);
  }
  return signal => attachTerminal(parts, job, { since, isTakeover: takeover, signal });
}

/**
 * Returns the subprotocol to use: the first of this service's that the client offers.
 * @param offered the header, a list separated by commas (RFC 6455, section 11.3.4)
 * @returns `undefined` if the client offers none
 * @throws ApiError (400) if none that it offers is supported
 */
function chooseProtocol(offered: string): (typeof protocolNames)[number] | undefined {
  if (offered === '') return undefined;
  const names = offered.split(',').map(name => name.trim());
  const chosen = protocolNames.find(name => names.includes(name));
  if (chosen) return chosen;
  const message = `Sec-WebSocket-Protocol must offer one of ${protocolNames.join(', ')}, or be left out`;
  throw validationError([{ path: 'Sec-WebSocket-Protocol', message }]);
}
