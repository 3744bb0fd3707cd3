import { boundedText, instant, operations, shape, validateAgainst } from '@podman-api/operations';
import Joi from 'joi';
import { basePath, type RouteContext } from '../../context.ts';
import type { AppParts } from '../../parts.ts';
import { readBody } from '../../request/body.ts';
import { readQuery } from '../../request/query.ts';
import { success } from '../../response/shapes.ts';
import { respond } from '../../response/success.ts';
import { ticketTtlSeconds } from '../../tickets.ts';
import type { Route } from '../route.ts';

/** A ticket in a response. */
interface ShownTicket {
  readonly ticket: string;
  readonly expires_at: string;
}

const maxPathLength = 2048;

/** The paths of WebSockets: `:name` matches one segment. */
const patterns = operations
  .filter(({ isWebSocket }) => isWebSocket)
  .map(({ path }) => new RegExp(`^${basePath}${path.replaceAll(/:\w+/g, '[^/?#]+')}$`));

const body = Joi.object<{ readonly path: string }>({
  path: boundedText(maxPathLength)
    .required()
    .custom((path: string, helpers) =>
      patterns.some(pattern => pattern.test(path))
        ? path
        : helpers.message({
            custom: `{{#label}} must be the path of a WebSocket without its query, such as ${basePath}/containers/web/terminal`,
          }),
    )
    .description('The path of the request that the ticket is for, without the query.'),
});

const ticket = shape<ShownTicket>('Ticket', {
  ticket: Joi.string().description('Value of the query parameter `ticket` of that request.'),
  expires_at: instant().description('The request must be sent before this time.'),
});

/** Handles `POST /tickets`: creates a ticket for one request with the token of this one. */
function createTicket({ tickets, config }: AppParts) {
  return async (ctx: RouteContext): Promise<void> => {
    readQuery(ctx, Joi.object({}));
    const { path } = validateAgainst(body, await readBody(ctx, config.MAX_BODY));
    const expires_at = new Date(Date.now() + ticketTtlSeconds * 1000).toISOString();
    const shown: ShownTicket = { ticket: await tickets.create({ token: ctx.state.token?.hash ?? null, path }), expires_at };
    ctx.set('Cache-Control', 'no-store');
    respond(ctx, 201, 'ticket', shown);
  };
}

/** The route of tickets. */
export const ticketRoute: Route = {
  name: 'ticket.create',
  method: 'POST',
  path: `${basePath}/tickets`,
  summary: 'Creates a one-use ticket for a WebSocket',
  description:
    'For web pages, which cannot send a token when they open a WebSocket. The ticket has the rights of the token of this request, for one request within 30 seconds.',
  scope: 'exec',
  body: { schema: body, example: { path: `${basePath}/containers/web/terminal` } },
  responses: {
    201: {
      description: 'The ticket.',
      body: success({ ticket }),
      example: { ticket: { ticket: 'ticket_8Qm0V0aY3xk2bTtZ1w', expires_at: '2026-01-05T09:30:30.000Z' } },
    },
  },
  failures: [413, 415],
  handle: createTicket,
};
