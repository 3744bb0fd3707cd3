import { resolveSettings } from '../../../settings.ts';
import type { CommandContext } from '../../context.ts';
import { defineCommand } from '../../define-command.ts';
import { ExitError, formatError, UsageError } from '../../errors.ts';
import { startDockerProxy } from './docker-proxy.ts';
import { chooseAddress } from './listen-address.ts';
import { localHost, PortForwards } from './port-forwards.ts';
import { runChild } from './run-child.ts';
import { beginSession, type ProxySession } from './session.ts';
import { createUpstream } from './upstream.ts';

/** Variables that would lead Docker's clients away from the proxy. */
const conflictingVariables = ['DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_TLS'];

export const proxy = defineCommand({
  positionals: 'COMMAND [ARGUMENT…]',
  description:
    'Runs a command whose Docker clients use podman-api: sets DOCKER_HOST, forwards published ports to this machine, and removes all that the command has created when it ends.',
  example: 'podman-api proxy -- docker run --rm docker.io/library/alpine:3.20 id',
  flags: {
    listen: { type: 'string', value: 'ADDRESS', description: 'tcp://127.0.0.1:2375 or unix:///path; default: a socket in a new directory' },
    node: { type: 'string', value: 'NAME', description: 'the node of all containers; default: chosen by the API' },
  },
  passThrough: true,
  async run({ listen, node }, command, context) {
    if (command.length === 0) throw new UsageError('The command is missing.');
    const settings = resolveSettings({ onRetry: () => context.progress.show('no answer yet, trying again') }, process.env);
    const { address, remove } = chooseAddress(listen);
    try {
      const onLost = (error: unknown) => context.printMessage(`the session was lost: ${formatError(error)}`);
      const session = await beginSession(settings, node, context.signal, onLost);
      context.progress.clear();
      const upstream = createUpstream(settings, session.id);
      const forwards = new PortForwards(upstream);
      try {
        const docker = await startDockerProxy({ upstream, forwards, session: session.id, address });
        const code = await runChild(command, environmentFor(docker.url), context.signal).finally(() => docker.close());
        return code;
      } finally {
        await forwards.close();
        await endSession(session, context);
      }
    } finally {
      remove();
    }
  },
});

function environmentFor(dockerHost: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !conflictingVariables.includes(name));
  // Testcontainers in a container would look for published ports at the gateway of a network.
  return { TESTCONTAINERS_HOST_OVERRIDE: localHost, ...Object.fromEntries(kept), DOCKER_HOST: dockerHost };
}

/** Ends a session. A failure is a message and does not change the exit code; a signal ends this process at once, and the session lapses. */
async function endSession(session: ProxySession, { progress, printMessage }: CommandContext): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupted.abort(new ExitError(1, `got ${name}`)));
  progress.show('removing what the command has created');
  try {
    const { failures } = await session.end(interrupted.signal);
    for (const failure of failures) printMessage(`the API has not removed everything yet, and tries again: ${failure}`);
  } catch (error) {
    session.abandon();
    printMessage(`the API cannot be reached now; in about 30 seconds it removes what the command has created: ${formatError(error)}`);
  } finally {
    progress.clear();
  }
}
