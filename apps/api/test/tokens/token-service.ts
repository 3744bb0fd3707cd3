import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAuditLog } from '@podman-api/runtime';
import { type SendRequest, type Service, startChild, startService, until } from '@podman-api/testing';
import { createToken } from '../../src/tokens/commands.ts';

const tokenCommand = fileURLToPath(new URL('../../src/token.ts', import.meta.url));

/** A service with its own file of tokens. */
export interface TokenService {
  readonly service: Service;
  readonly folder: string;
  readonly tokensFile: string;
  /** Runs `npm run token -- …`. */
  runToken(...args: readonly string[]): Promise<{ readonly code: number | string; readonly text: string }>;
  /** Creates a token in this process, which is quicker, and waits until the service accepts it. @returns calls with it */
  createCaller(name: string, scopes: string): Promise<SendRequest>;
  /** Returns the lines of the audit log that have a request id. */
  readAudit(requestId: string): Record<string, unknown>[];
  stop(): Promise<void>;
}

/** @param extra variables for the API and the worker */
export async function startTokenService(extra: Readonly<Record<string, string>> = {}): Promise<TokenService> {
  const folder = mkdtempSync(join(tmpdir(), 'podman-api-tokens-'));
  const env = { API_TOKENS_FILE: join(folder, 'tokens.json'), AUDIT_LOG: join(folder, 'audit.log') };
  const removeFolder = () => rmSync(folder, { recursive: true });
  const service = await startService({ ...env, ...extra }).catch(error => {
    removeFolder();
    throw error;
  });
  const runToken: TokenService['runToken'] = async (...args) => {
    const child = startChild(process.execPath, [tokenCommand, ...args], env);
    return { code: await child.ended, text: child.output().trim() };
  };
  return {
    service,
    folder,
    tokensFile: env.API_TOKENS_FILE,
    runToken,
    createCaller: (name, scopes) => createTokenCaller(service, name, scopes),
    readAudit: requestId =>
      readFileSync(env.AUDIT_LOG, 'utf8')
        .trim()
        .split('\n')
        .map((line): Record<string, unknown> => JSON.parse(line))
        .filter(line => line['request_id'] === requestId),
    async stop() {
      await service.stop().finally(removeFolder);
    },
  };
}

/** Creates a token of a service in this process, and waits until the service accepts it. @returns calls with it */
export async function createTokenCaller({ call, env }: Pick<Service, 'call' | 'env'>, name: string, scopes: string): Promise<SendRequest> {
  const { API_TOKENS_FILE = '', AUDIT_LOG = '' } = env;
  const audit = openAuditLog({ AUDIT_LOG, STATE_DIR: dirname(AUDIT_LOG) });
  const callAs = withToken(call, createToken(API_TOKENS_FILE, audit, name, { scopes }));
  // Before the service has seen the first token it answers everybody.
  await until(async () => (await call('GET', '/jobs')).status === 401);
  await until(async () => (await callAs('GET', '/jobs')).status === 200);
  return callAs;
}

/** Returns calls that send a bearer token. */
export function withToken(call: SendRequest, token: string): SendRequest {
  return (method, path, body, headers) => call(method, path, body, { Authorization: `Bearer ${token}`, ...headers });
}
