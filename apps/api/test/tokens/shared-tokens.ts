import { images, type SendRequest, startApi, type TestApi } from '@podman-api/testing';
import { startContainer } from '@podman-api/testing/containers';
import { afterAll, beforeAll } from 'vitest';
import { startTokenService, type TokenService } from './token-service.ts';

/** All scopes. */
export const scopes = [
  'containers:read',
  'containers:write',
  'images:read',
  'images:write',
  'exec',
  'jobs',
  'nodes',
  'metrics',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** The service of the tests of tokens, which has no token at first. */
export interface SharedTokens {
  readonly tokens: TokenService;
  /** Another API process of the same service, which counts requests for `RATE_LIMIT` and refuses none. */
  readonly second: TestApi;
  readonly container: string;
  /** Creates a token for each scope. */
  createScopeTokens(): Promise<void>;
  /** Returns calls with the token of one scope. @throws Error before `createScopeTokens` */
  callAs(scope: Scope): SendRequest;
}

/** Starts the service before the tests of a file, and ends it after them. Call it at the top of the file. */
export function useSharedTokens(): SharedTokens {
  let tokens: TokenService;
  let second: TestApi;
  let container: string;
  const callers = new Map<Scope, SendRequest>();
  beforeAll(async () => {
    tokens = await startTokenService();
    second = await startApi({ ...tokens.service.env, RATE_LIMIT: '1000000' });
    container = await startContainer(images.plain);
  });
  afterAll(async () => {
    await second.api.end();
    await tokens.stop();
  });
  return {
    get tokens() {
      return tokens;
    },
    get second() {
      return second;
    },
    get container() {
      return container;
    },
    async createScopeTokens() {
      await Promise.all(scopes.map(async scope => callers.set(scope, await tokens.createCaller(nameOf(scope), scope))));
    },
    callAs(scope) {
      const call = callers.get(scope);
      if (call === undefined) throw new Error(`there is no token for ${scope}`);
      return call;
    },
  };
}

/** Returns the name of the token of one scope. */
export function nameOf(scope: Scope): string {
  return `only-${scope.replace(':', '-')}`;
}
