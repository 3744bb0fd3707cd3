import { invalidField } from '@podman-api/errors';
import type { CommandOptions } from './process/run-process.ts';

/** Podman reads its `--env-file` by lines of less than 64 KiB (bufio.MaxScanTokenSize). */
const maxLineBytes = 60_000;

/**
 * Variables that influence podman, to programs that it starts, to Go's runtime or to the dynamic loader: a caller must not
 * set them for podman on the host.
 */
const reservedNames =
  /^(_|LD_|XTABLES_|IPTABLES|NFT_|BASH_|ENV$|IFS$|PS4$|PERL|PYTHON|RUBY|GNUPG|OPENSSL|KRB5|LOCALDOMAIN|DYLD_|GLIBC_|MALLOC_|GCONV_|LOCPATH|NLSPATH|RES_|HOSTALIASES|GO|CONTAINER|PODMAN|BUILDAH|STORAGE|REGISTRY|DOCKER|OCI|CNI|NETAVARK|AARDVARK|CONMON|CRUN|RUNC|XDG_|DBUS_|LISTEN_|NOTIFY_|SYSTEMD|INVOCATION|SSL_|SSH_AUTH|TMP|TEMP|HOME|PATH|USER|LOGNAME|SHELL|PWD|HOSTNAME|LANG|LC_|TZ|TERM|RUST|NODE_|SUPPRESS|.*_PROXY$)/i;

/** Whether a caller must not set a variable in the environment of podman on the host. */
export function isReservedVariable(name: string): boolean {
  return reservedNames.test(name);
}

/** Arguments that set variables in a container, and the options that belong to them. */
export interface EnvironmentArguments {
  readonly args: readonly string[];
  readonly options: Pick<CommandOptions, 'file' | 'env'>;
}

/**
 * Returns arguments that set variables without any value in an argument list: values of one line are in an unnamed
 * `--env-file`; others (with newlines, or very long) in podman's own environment, from which `--env NAME` copies them.
 * @throws ApiError (400) for a value with newlines in a variable that would influence podman itself
 */
export function environmentArguments(environment: Readonly<Record<string, string>>): EnvironmentArguments {
  const entries = Object.entries(environment);
  const lines = entries.filter(([name, value]) => isLine(name, value)).map(([name, value]) => `${name}=${value}\n`);
  const others = entries.filter(([name, value]) => !isLine(name, value));
  for (const [name] of others) {
    if (isReservedVariable(name)) throw invalidField(`environment.${name}`, `environment.${name} must be one line of less than 60 kB.`);
  }
  return {
    args: [...(lines.length > 0 ? ['--env-file', '/proc/self/fd/3'] : []), ...others.flatMap(([name]) => ['--env', name])],
    options: { ...(lines.length > 0 && { file: lines.join('') }), ...(others.length > 0 && { env: Object.fromEntries(others) }) },
  };
}

function isLine(name: string, value: string): boolean {
  return !/[\r\n]/.test(value) && Buffer.byteLength(name) + Buffer.byteLength(value) < maxLineBytes;
}
