/** Where the API is and who calls it. */
export interface ClientOptions {
  /** Without the base path; otherwise `PODMAN_API_URL`, or http://127.0.0.1:5000. */
  readonly url?: string;
  /** Otherwise `PODMAN_API_TOKEN`; none where the API wants none. */
  readonly token?: string;
  /** How long a call is tried again while the API is away or asks to wait, in seconds; otherwise `PODMAN_API_PATIENCE`, or 10. */
  readonly patience?: number;
  /** Hears of each failure after which a call is tried again. */
  readonly onRetry?: (error: unknown) => void;
}

/** The variables that options are taken from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the options and the environment come to. */
export interface Settings {
  /** With the base path, without a slash at the end. */
  readonly base: string;
  readonly token: string | undefined;
  /** In ms. */
  readonly patience: number;
  readonly onRetry: (error: unknown) => void;
}

/**
 * Settles the options; what they leave open comes from the environment.
 * @throws RangeError that says which is wrong
 */
export function settle(options: ClientOptions, env: Environment): Settings {
  const token = options.token ?? env['PODMAN_API_TOKEN'];
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token)) {
    throw new RangeError('The token (PODMAN_API_TOKEN) must be one word of ASCII characters, as "npm run token" printed it.');
  }
  return {
    base: `${addressOf(options.url ?? env['PODMAN_API_URL'] ?? 'http://127.0.0.1:5000')}/api/v1`,
    token: token === '' ? undefined : token,
    patience: patienceOf(options.patience ?? env['PODMAN_API_PATIENCE'] ?? 10),
    onRetry: options.onRetry ?? (() => {}),
  };
}

function addressOf(text: string): string {
  const url = URL.parse(text);
  const isAddress = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === '';
  if (!isAddress) {
    throw new RangeError(`The address "${text}" (PODMAN_API_URL) must be the API's, as in http://127.0.0.1:5000.`);
  }
  return url.href.replace(/\/+$/, '').replace(/\/api\/v1$/, '');
}

function patienceOf(given: number | string): number {
  const seconds = given === '' ? Number.NaN : Number(given);
  if (seconds >= 0 && seconds <= 86_400) return seconds * 1000;
  throw new RangeError(`The patience "${given}" (PODMAN_API_PATIENCE) must be a number of seconds, a day at most.`);
}
