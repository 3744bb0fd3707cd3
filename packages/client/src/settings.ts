/** Address of the API, token and retries. Environment variables are the defaults. */
export interface ClientOptions {
  /** Address without the base path `/api/v1`. Default: `PODMAN_API_URL`, or http://127.0.0.1:5000. */
  readonly url?: string;
  /** Default: `PODMAN_API_TOKEN`. Without a token, none is sent. */
  readonly token?: string;
  /**
   * Seconds for which a call is retried while the API is unreachable or asks to wait. Default: `PODMAN_API_RETRY_TIMEOUT`,
   * or 10.
   */
  readonly retryTimeoutSeconds?: number;
  /** Called with each error after which a call is sent again. */
  readonly onRetry?: (error: unknown) => void;
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Validated options, with defaults. */
export interface Settings {
  /** Address with the base path, without a trailing slash. */
  readonly baseUrl: string;
  readonly token: string | undefined;
  readonly retryTimeoutMs: number;
  readonly onRetry: (error: unknown) => void;
}

/** Highest retry timeout: a day. */
const maxRetryTimeoutSeconds = 86_400;

/**
 * Validates the options. `undefined` options come from the environment, or are defaults.
 * @throws RangeError with the variable of the wrong option
 */
export function resolveSettings(options: ClientOptions, env: Environment): Settings {
  const token = options.token ?? env['PODMAN_API_TOKEN'];
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token)) {
    throw new RangeError(
      'The token (PODMAN_API_TOKEN) must be printable ASCII characters without spaces: copy it again as "npm run token" printed it.',
    );
  }
  return {
    baseUrl: `${parseAddress(options.url ?? env['PODMAN_API_URL'] ?? 'http://127.0.0.1:5000')}/api/v1`,
    token: token === '' ? undefined : token,
    retryTimeoutMs: parseRetryTimeout(options.retryTimeoutSeconds ?? env['PODMAN_API_RETRY_TIMEOUT'] ?? 10) * 1000,
    onRetry: options.onRetry ?? (() => {}),
  };
}

function parseAddress(text: string): string {
  const url = URL.parse(text);
  const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === '';
  if (!isAddress) {
    throw new RangeError(
      `The address "${text}" (PODMAN_API_URL) must be an http or https URL without user, query and fragment, such as http://127.0.0.1:5000.`,
    );
  }
  return url.href.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}

/** Returns seconds. */
function parseRetryTimeout(value: number | string): number {
  const seconds = value === '' ? Number.NaN : Number(value);
  if (seconds >= 0 && seconds <= maxRetryTimeoutSeconds) return seconds;
  throw new RangeError(
    `The retry timeout "${value}" (PODMAN_API_RETRY_TIMEOUT) must be a number of seconds from 0 to ${maxRetryTimeoutSeconds}.`,
  );
}
