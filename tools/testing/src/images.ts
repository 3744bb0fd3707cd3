/** Images for the containers of tests. The set-up builds them; no registry has them. */
export const images = {
  /** BusyBox with all its applets, `adduser` and `chpasswd` among them; no bash. */
  busybox: 'localhost/podman-api-test/busybox:latest',
  /** A minimal Debian: `useradd`, `chpasswd` and bash. */
  debian: 'localhost/podman-api-test/debian:latest',
  /** Debian's own static BusyBox, which has no tool to add a user. */
  plain: 'localhost/podman-api-test/plain:latest',
  /** One executable, `/bin/sleep`; no shell. */
  bare: 'localhost/podman-api-test/bare:latest',
} as const;

export type ImageName = keyof typeof images;
