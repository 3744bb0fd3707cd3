import { registerHooks } from 'node:module';

/** Preloaded into an app: prints at its exit which packages of OpenTelemetry were loaded, and by which package. */
const loaded = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('@opentelemetry/')) {
      const [, by = 'podman-api'] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(context.parentURL ?? '') ?? [];
      if (!by.startsWith('@opentelemetry/')) loaded.add(`${specifier} by ${by}`);
    }
    return next(specifier, context);
  },
});
process.on('exit', () => process.stdout.write(`loaded of OpenTelemetry: ${[...loaded].join(', ') || 'nothing'}\n`));
