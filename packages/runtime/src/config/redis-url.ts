/** Where a Redis server listens. */
export interface RedisEndpoint {
  readonly host: string;
  readonly port: number;
}

/** What several servers are reached with. */
interface Shared {
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

/** How Redis is reached. */
export type RedisAddress =
  | { readonly kind: 'single'; readonly url: string }
  | (Shared & {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisEndpoint[];
      /** The sentinels' name of the master. */
      readonly master: string;
      readonly db: number;
      readonly sentinelPassword?: string;
    })
  | (Shared & { readonly kind: 'cluster'; readonly nodes: readonly RedisEndpoint[] });

/** The schemes' ports, and that of sentinels (https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/). */
const redisPort = 6379;
const sentinelPort = 26_379;

const forms =
  /^redis(?<tls>s)?\+(?<kind>sentinel|cluster):\/\/(?:(?<user>[^:@/?]*):(?<password>[^@/?]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^?#]*))?(?:\?sentinel_password=(?<sentinelPassword>[^&#]+))?$/;

/**
 * Reads a `REDIS_URL`: `redis://`, `rediss://` or `unix://` for one server, `redis+sentinel://host,host/master/db` and
 * `redis+cluster://host,host` for several, either with `rediss+` for TLS.
 * @returns nothing where it is none of these
 */
export function parseRedisUrl(url: string): RedisAddress | undefined {
  if (/^unix:\/\/\/./.test(url)) return { kind: 'single', url };
  if (/^rediss?:\/\//.test(url)) return URL.canParse(url) && new URL(url).host !== '' ? { kind: 'single', url } : undefined;
  const { tls, kind, user, password, hosts = '', path = '', sentinelPassword } = forms.exec(url)?.groups ?? {};
  const shared = {
    ...(user && { username: decodeURIComponent(user) }),
    ...(password && { password: decodeURIComponent(password) }),
    tls: tls !== undefined,
  };
  const endpoints = hosts.split(',').map(host => parseEndpoint(host, kind === 'sentinel' ? sentinelPort : redisPort));
  const known = endpoints.filter(endpoint => endpoint !== undefined);
  if (known.length < endpoints.length) return undefined;
  if (kind === 'cluster') return path === '' ? { kind, nodes: known, ...shared } : undefined;
  const [, master, db = '0'] = /^([\w.-]+)(?:\/(\d{1,4}))?$/.exec(path) ?? [];
  if (kind !== 'sentinel' || master === undefined) return undefined;
  return {
    kind,
    sentinels: known,
    master,
    db: Number(db),
    ...shared,
    ...(sentinelPassword && { sentinelPassword: decodeURIComponent(sentinelPassword) }),
  };
}

function parseEndpoint(text: string, fallback: number): RedisEndpoint | undefined {
  const [, bracketed, plain, port] = /^(?:\[([\da-fA-F:]+)\]|([\w.-]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? fallback : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number };
}
