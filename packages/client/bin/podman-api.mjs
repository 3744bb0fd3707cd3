#!/usr/bin/env node
import module from 'node:module';

if (process.features.typescript) {
  module.enableCompileCache();
  const { main } = await import('#cli');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(`podman-api: Node.js ${process.version} is too old: install 22.18 or later.\n`);
  process.exitCode = 240;
}
