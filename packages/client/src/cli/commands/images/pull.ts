import { ApiError } from '../../../errors.ts';
import type { FailedNode, Job, PulledImage, PullRequest } from '../../../types.ts';
import type { CommandContext } from '../../context.ts';
import { defineCommand } from '../../define-command.ts';
import { formatError, getExitCode, UsageError } from '../../errors.ts';
import { omitUndefined, parsePairs } from '../../parse-flags.ts';
import { forEachName } from '../for-each-name.ts';
import { loginFlags, readLogin } from './registry-login.ts';
import { runTransfer } from './transfer.ts';
import { createTransferScreen } from './transfer-display.ts';

export const pull = defineCommand({
  positionals: 'IMAGE…',
  description: 'Pulls images from their registries to one node or several, and prints their ids.',
  example: 'podman-api pull --all-nodes docker.io/library/alpine:3.20',
  flags: {
    node: { type: 'string', value: 'NAME', description: 'the node; default: the least loaded' },
    selector: { type: 'string', multiple: true, value: 'LABEL=VALUE', description: 'pull on all nodes with this label' },
    'all-nodes': { type: 'boolean', description: 'pull on all nodes' },
    policy: { type: 'string', value: 'POLICY', description: 'always, or missing to keep an existing image; default: always' },
    ...loginFlags,
    quiet: { type: 'boolean', short: 'q', description: 'do not show the progress' },
  },
  async run({ node, selector, 'all-nodes': allNodes, policy, quiet = false, ...login }, references, context) {
    if ([node, selector, allNodes].filter(value => value !== undefined).length > 1) {
      throw new UsageError('--node, --selector and --all-nodes cannot be used together.');
    }
    const options = omitUndefined({
      pull_policy: parsePolicy(policy),
      node,
      node_selector: parsePairs(selector, 'selector'),
      all_nodes: allNodes,
      credentials: references.length > 0 ? await readLogin(login, context.signal) : undefined,
    });
    const isOnSeveralNodes = selector !== undefined || allNodes === true;
    let code = 0;
    const own = await forEachName(references, context, { noun: 'image', verb: 'pulling' }, async reference => {
      const body = { reference, ...options };
      if (isOnSeveralNodes) code = (await pullOnNodes(body, quiet, context)) || code;
      else await pullOnOneNode(body, quiet, context);
    });
    return own || code;
  },
});

async function pullOnOneNode(body: PullRequest, isQuiet: boolean, context: CommandContext): Promise<void> {
  const submit = () => context.api.images.submitPull(body, { signal: context.signal });
  const { id } = await runTransfer(context, { noun: 'pull', submit, display: createTransferScreen(context, isQuiet).add(undefined) });
  await context.printLine(id);
}

/** Pulls an image on several nodes at once. Each node that fails is one line on stderr. @returns 0, or the exit code for an error */
async function pullOnNodes(body: PullRequest, isQuiet: boolean, context: CommandContext): Promise<number> {
  const { api, signal, progress, printLine, printMessage } = context;
  const { jobs, failed } = await api.images.submitPullOnNodes(body, { signal });
  const screen = createTransferScreen(context, isQuiet);
  const errors: { readonly node: string; readonly error: unknown }[] = failed.map(toError);
  const pulled: { readonly node: string; readonly id: string }[] = [];
  const { all_nodes: _allNodes, node_selector: _nodeSelector, ...bodyForNode } = body;
  const follow = async (job: Job<PulledImage>) => {
    const submit = () => api.images.submitPull({ ...bodyForNode, node: job.node }, { signal });
    try {
      const { id } = await runTransfer(context, { noun: 'pull', job, submit, display: screen.add(job.node) });
      pulled.push({ node: job.node, id });
    } catch (error) {
      errors.push({ node: job.node, error });
    }
  };
  await Promise.all(jobs.map(follow));
  signal.throwIfAborted();
  progress.clear();
  for (const { node, id } of pulled) await printLine(`${node}: ${id}`);
  for (const { node, error } of errors) printMessage(`${node}: ${formatError(error)}`);
  return errors.reduce((_code, { error }) => getExitCode(error), 0);
}

function toError({ node, error }: FailedNode) {
  return { node, error: new ApiError(error) };
}

function parsePolicy(text: string | undefined): PullRequest['pull_policy'] {
  if (text === undefined || text === 'always' || text === 'missing') return text;
  throw new UsageError(`--policy must be always or missing, but is "${text}".`);
}
