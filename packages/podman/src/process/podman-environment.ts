/**
 * Variables of this process that podman's processes get: what podman, its helpers, Go's runtime and TLS read. Everything else
 * stays here, `SECRET_KEY` and `REDIS_URL` above all, because podman hands its environment on to conmon, netavark and runtimes.
 */
const inheritedVariables =
  /^(?:PATH|HOME|USER|LOGNAME|TMPDIR|TZ|LANG|LC_\w+|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK|REGISTRY_AUTH_FILE|CONTAINERS?_\w+|STORAGE_\w+|BUILDAH_\w+|GO\w+|SSL_CERT_(?:FILE|DIR)|(?:https?|no)_proxy)$/i;

/**
 * - `GOGC`: podman is a Go program that lives for about 30 ms, 3 to 4 of which are garbage collection; collecting less often
 *   (https://go.dev/doc/gc-guide) costs 3 MiB of memory (measured).
 * - `PODMAN_IGNORE_CGROUPSV1_WARNING`: podman 5 would write a warning before the output of each command on hosts with cgroups v1.
 */
const settings = { GOGC: '400', PODMAN_IGNORE_CGROUPSV1_WARNING: '1' };

/**
 * Returns the environment of podman's processes.
 * @param own this process's environment
 */
export function podmanEnvironment(own: NodeJS.ProcessEnv): Record<string, string> {
  const inherited = Object.entries(own).flatMap(([name, value]) =>
    value !== undefined && inheritedVariables.test(name) ? [[name, value]] : [],
  );
  return { ...settings, ...Object.fromEntries(inherited) };
}
