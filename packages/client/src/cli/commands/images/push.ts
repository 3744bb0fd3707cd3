import { defineCommand } from '../../define-command.ts';
import { nodeFlag, omitUndefined, requireOnePositional } from '../../parse-flags.ts';
import { loginFlags, readLogin } from './registry-login.ts';
import { runTransfer } from './transfer.ts';
import { createTransferScreen } from './transfer-display.ts';

export const push = defineCommand({
  positionals: 'IMAGE',
  description: 'Pushes an image to the registry that its name begins with, and prints its name.',
  example: 'podman-api push --username ci --password-stdin registry.example.com/team/app:1.4 <password.txt',
  flags: {
    node: nodeFlag,
    ...loginFlags,
    quiet: { type: 'boolean', short: 'q', description: 'do not show the progress' },
  },
  async run({ node, quiet = false, ...login }, positionals, context) {
    const reference = requireOnePositional(positionals, "An image's name");
    const credentials = await readLogin(login, context.signal);
    context.progress.show(`pushing ${reference}`);
    const body = { reference, ...omitUndefined({ credentials }) };
    const submit = () => context.api.images.submitPush(body, { node }, { signal: context.signal });
    await runTransfer(context, { noun: 'push', submit, display: createTransferScreen(context, quiet).add(undefined) });
    await context.printLine(reference);
    return 0;
  },
});
