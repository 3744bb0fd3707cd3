import { invalid } from '@podman-api/errors';
import type { CommandOptions } from '@podman-api/podman';
import type { Environment } from '../schemas/environment.ts';

/** Podman reads its `--env-file` by lines of less than 64 KiB (bufio.MaxScanTokenSize). */
const longestLine = 60_000;

/**
 * Names that podman, what it starts, Go's runtime or the dynamic loader read themselves: a caller must not set
 * them for podman on the host.
 */
const hostNames =
  /^(_|LD_|XTABLES_|IPTABLES|NFT_|BASH_|ENV$|IFS$|PS4$|PERL|PYTHON|RUBY|GNUPG|OPENSSL|KRB5|LOCALDOMAIN|DYLD_|GLIBC_|MALLOC_|GCONV_|LOCPATH|NLSPATH|RES_|HOSTALIASES|GO|CONTAINER|PODMAN|BUILDAH|STORAGE|REGISTRY|DOCKER|OCI|CNI|NETAVARK|AARDVARK|CONMON|CRUN|RUNC|XDG_|DBUS_|LISTEN_|NOTIFY_|SYSTEMD|INVOCATION|SSL_|SSH_AUTH|TMP|TEMP|HOME|PATH|USER|LOGNAME|SHELL|PWD|HOSTNAME|LANG|LC_|TZ|TERM|RUST|NODE_|SUPPRESS|.*_PROXY$)/i;

/** How variables get into a container: arguments for podman, and what has to be given beside them. */
export interface EnvironmentArguments {
  readonly args: readonly string[];
  readonly options: Pick<CommandOptions, 'file' | 'env'>;
}

/**
 * Hands variables to podman so that no value stands in an argument list: in an `--env-file` without a name, and
 * what lines can't hold (newlines, very long values) in podman's own environment, from where `--env NAME` takes it.
 * @throws ApiError (400) for a value with newlines in a variable that would mean something to podman itself
 */
export function environmentArguments(environment: Environment = {}): EnvironmentArguments {
  const entries = Object.entries(textsOf(environment));
  const lines = entries.filter(([name, value]) => isLine(name, value)).map(([name, value]) => `${name}=${value}\n`);
  const others = entries.filter(([name, value]) => !isLine(name, value));
  for (const [name] of others) {
    if (hostNames.test(name)) throw invalid(`environment.${name}`, `environment.${name} must be one line of less than 60 kB.`);
  }
  return {
    args: [...(lines.length > 0 ? ['--env-file', '/proc/self/fd/3'] : []), ...others.flatMap(([name]) => ['--env', name])],
    options: { ...(lines.length > 0 && { file: lines.join('') }), ...(others.length > 0 && { env: Object.fromEntries(others) }) },
  };
}

/** The values as a process gets them. */
export function textsOf(environment: Environment = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}

function isLine(name: string, value: string): boolean {
  return !/[\r\n]/.test(value) && Buffer.byteLength(name) + Buffer.byteLength(value) < longestLine;
}
