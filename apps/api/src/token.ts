import { parseArgs } from 'node:util';
import { ConfigError, openAudit, readConfig, runApp } from '@podman-api/runtime';
import { createToken, listTokens, revokeToken } from './tokens/commands.ts';
import { tokensFile } from './tokens/place.ts';
import { scopes } from './tokens/scopes.ts';

const usage = `Usage: npm run token -- <command>

  create <name> --scopes <scope>,… [--expires <n>d|h|m]   makes a token and prints it, once
  list                                                    prints the names, scopes and ends of all
  revoke <name>                                           takes one back

Scopes:
${Object.entries(scopes)
  .map(([scope, words]) => `  ${scope.padEnd(18)}${words}`)
  .join('\n')}

API processes notice within a second. Once a token was made, a token is wanted.`;

await runApp(async () => {
  const config = readConfig(process.env, ['API_TOKENS_FILE', 'AUDIT_LOG', 'STATE_DIR']);
  const file = tokensFile(config);
  const audit = openAudit(config);
  const { positionals, values } = readArguments();
  const [command, name, ...rest] = positionals;
  if (rest.length > 0) throw new ConfigError(usage);
  if (command === 'list' && name === undefined) print(listTokens(file));
  else if (command === 'create' && name !== undefined) print(createToken(file, audit, name, values));
  else if (command === 'revoke' && name !== undefined) print(revokeToken(file, audit, name));
  else throw new ConfigError(usage);
});

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { scopes: { type: 'string' }, expires: { type: 'string' } } });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : ''}\n\n${usage}`);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
