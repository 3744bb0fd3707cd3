import { imagePatternsOf, type Patterns, patternsOf } from './patterns.ts';

/** The policy of a node, which holds for every caller. The API enforces it for a quick response; the worker's check decides. */
export interface Policy {
  /** Patterns of image references, as callers write them. */
  readonly images: Patterns;
  /**
   * Folders of the host whose contents may be mounted. Only the worker checks them, in `container/mounts/mount-policy.ts`,
   * because the folders are on its host.
   */
  readonly mounts: readonly string[];
  /** Patterns of capabilities without `CAP_`. */
  readonly capabilities: Patterns;
  readonly networks: Patterns;
  /** Patterns of the users that an exec may run as. */
  readonly users: Patterns;
  /** Patterns of the OCI runtimes that a create may name. */
  readonly runtimes: Patterns;
}

/** Variables of the configuration that a policy is read from; `undefined` if unset. */
export interface PolicyVariables {
  readonly ALLOWED_IMAGES: readonly string[] | undefined;
  readonly ALLOWED_MOUNTS: readonly string[];
  readonly ALLOWED_CAPABILITIES: readonly string[] | undefined;
  readonly ALLOWED_NETWORKS: readonly string[] | undefined;
  readonly ALLOWED_USERS: readonly string[] | undefined;
  readonly ALLOWED_RUNTIMES: readonly string[] | undefined;
}

/** Names of the variables, for processes that read them. */
export const policyVariables = [
  'ALLOWED_IMAGES',
  'ALLOWED_MOUNTS',
  'ALLOWED_CAPABILITIES',
  'ALLOWED_NETWORKS',
  'ALLOWED_USERS',
  'ALLOWED_RUNTIMES',
] as const satisfies readonly (keyof PolicyVariables)[];

/** Returns the policy that the variables describe. */
export function policyOf(variables: PolicyVariables): Policy {
  return {
    images: imagePatternsOf(variables.ALLOWED_IMAGES),
    mounts: variables.ALLOWED_MOUNTS,
    capabilities: patternsOf(variables.ALLOWED_CAPABILITIES?.map(withoutPrefix)),
    networks: patternsOf(variables.ALLOWED_NETWORKS),
    users: patternsOf(variables.ALLOWED_USERS),
    runtimes: patternsOf(variables.ALLOWED_RUNTIMES),
  };
}

/** Returns a capability's name as a policy has it: `CAP_CHOWN` becomes `CHOWN`. */
export function withoutPrefix(capability: string): string {
  return capability.replace(/^CAP_/, '');
}
