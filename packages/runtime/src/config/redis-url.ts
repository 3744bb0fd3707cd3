/** Host and port of a Redis server or sentinel. */
export interface RedisEndpoint {
  readonly host: string;
  readonly port: number;
}

/** Options for connections to several servers. */
interface SharedOptions {
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

/** Parsed `REDIS_URL`. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: string }
  | (SharedOptions & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisEndpoint[];
      /** Name of the master in the sentinels' configuration. */
      readonly master: string;
      readonly db: number;
      readonly sentinelPassword?: string;
    })
  | (SharedOptions & { readonly kind: 'cluster'; readonly nodes: readonly RedisEndpoint[] });

/** Default ports of servers and sentinels (https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/). */
const redisPort = 6379;
const sentinelPort = 26_379;

const severalServersUrl =
  /^redis(?<tls>s)?\+(?<kind>sentinel|cluster):\/\/(?:(?<user>[^:@/?]*):(?<password>[^@/?]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^?#]*))?(?:\?sentinel_password=(?<sentinelPassword>[^&#]+))?$/;

/**
 * Parses a `REDIS_URL`: `redis://`, `rediss://` or `unix://` for one server, `redis+sentinel://host,host/master/db` and
 * `redis+cluster://host,host` for several, both with `rediss+` for TLS.
 * @returns `undefined` if the URL is invalid
 */
export function parseRedisUrl(url: string): RedisAddress | undefined {
  if (/^unix:\/\/\/./.test(url)) return { kind: 'single', url };
  if (/^rediss?:\/\//.test(url)) return URL.canParse(url) && new URL(url).host !== '' ? { kind: 'single', url } : undefined;
  const { tls, kind, user, password, hosts = '', path = '', sentinelPassword } = severalServersUrl.exec(url)?.groups ?? {};
  const shared = {
    ...(user && { username: decodeURIComponent(user) }),
    ...(password && { password: decodeURIComponent(password) }),
    tls: tls !== undefined,
  };
  const endpoints = hosts.split(',').map(host => parseEndpoint(host, kind === 'sentinel' ? sentinelPort : redisPort));
  const validEndpoints = endpoints.filter(endpoint => endpoint !== undefined);
  if (validEndpoints.length < endpoints.length) return undefined;
  if (kind === 'cluster') return path === '' ? { kind, nodes: validEndpoints, ...shared } : undefined;
  const [, master, db = '0'] = /^([\w.-]+)(?:\/(\d{1,4}))?$/.exec(path) ?? [];
  if (kind !== 'sentinel' || master === undefined) return undefined;
  return {
    kind,
    sentinels: validEndpoints,
    master,
    db: Number(db),
    ...shared,
    ...(sentinelPassword && { sentinelPassword: decodeURIComponent(sentinelPassword) }),
  };
}

function parseEndpoint(text: string, defaultPort: number): RedisEndpoint | undefined {
  const [, bracketed, plain, port] = /^(?:\[([\da-fA-F:]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? defaultPort : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number };
}
