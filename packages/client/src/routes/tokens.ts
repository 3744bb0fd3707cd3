import type { HttpClient } from '../http/http-client.ts';
import type { CallOptions } from '../jobs/run-job.ts';
import type { Token } from '../types.ts';

/** Creates the calls for tokens. */
export function createTokensApi(http: HttpClient) {
  return {
    /**
     * Returns the token of the client, with its quotas and their current use.
     * @throws ApiError (404) if the service uses no tokens
     */
    self: async ({ signal }: CallOptions = {}): Promise<Token> =>
      (await http.send<{ token: Token }>({ method: 'GET', path: '/tokens/self', signal })).token,
  };
}
