import { parseArgs } from 'node:util';
import { ConfigError, openAuditLog, readConfig, runApp } from '@podman-api/runtime';
import { createToken, listTokens, revokeToken } from './tokens/commands.ts';
import { type QuotaOptionValues, quotaNames, quotaOptions } from './tokens/quotas.ts';
import { scopes } from './tokens/scopes.ts';
import { resolveTokensPath } from './tokens/tokens-path.ts';

const usage = `Usage: npm run token -- <command>

  create <name> --scopes <scope>,… [--expires <n>d|h|m] [quotas]   creates a token and prints it once
  list                                                             lists all tokens with scopes, expiry and quotas
  revoke <name>                                                    revokes a token

Scopes:
${Object.entries(scopes)
  .map(([scope, description]) => `  ${scope.padEnd(18)}${description}`)
  .join('\n')}

Quotas, which hold in the whole fleet; without one, its use is unlimited:
${quotaNames.map(name => `  --${quotaOptions[name][0].padEnd(18)}${quotaOptions[name][1]}`).join('\n')}

API processes apply changes within a second. Once a token exists, every request needs one.`;

await runApp(async () => {
  const config = readConfig(process.env, ['API_TOKENS_FILE', 'AUDIT_LOG', 'STATE_DIR']);
  const file = resolveTokensPath(config);
  const audit = openAuditLog(config);
  const { positionals, values } = readArguments();
  const [command, name, ...rest] = positionals;
  if (rest.length > 0) throw new ConfigError(usage);
  if (command === 'list' && name === undefined) print(listTokens(file));
  else if (command === 'create' && name !== undefined)
    print(createToken(file, audit, name, { ...values, quotas: readQuotaOptions(values) }));
  else if (command === 'revoke' && name !== undefined) print(revokeToken(file, audit, name));
  else throw new ConfigError(usage);
});

function readArguments() {
  const quotas = Object.fromEntries(quotaNames.map(name => [quotaOptions[name][0], { type: 'string' }] as const));
  try {
    return parseArgs({ allowPositionals: true, options: { ...quotas, scopes: { type: 'string' }, expires: { type: 'string' } } });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : ''}\n\n${usage}`);
  }
}

/** Returns the values of the options for quotas, by quota. */
function readQuotaOptions(values: Readonly<Record<string, string | undefined>>): QuotaOptionValues {
  return Object.fromEntries(quotaNames.map(name => [name, values[quotaOptions[name][0]]]));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
