import { imagePatternsOf, type Patterns, patternsOf } from './patterns.ts';

/** What callers may ask of a node, whoever they are. The API judges by it for a quick answer, the worker where it counts. */
export interface Policy {
  /** References of images, as callers write them. */
  readonly images: Patterns;
  /** Folders of the host whose contents may be mounted; judged by the worker alone, for the folders are on its host. */
  readonly mounts: readonly string[];
  /** Without `CAP_`. */
  readonly capabilities: Patterns;
  readonly networks: Patterns;
  /** Whom an exec may run as. */
  readonly users: Patterns;
}

/** The variables that a policy is made of; a list that is unset is `undefined`. */
export interface PolicyVariables {
  readonly ALLOWED_IMAGES: readonly string[] | undefined;
  readonly ALLOWED_MOUNTS: readonly string[];
  readonly ALLOWED_CAPABILITIES: readonly string[] | undefined;
  readonly ALLOWED_NETWORKS: readonly string[] | undefined;
  readonly ALLOWED_USERS: readonly string[] | undefined;
}

/** The variables' names, for processes that read them. */
export const policyVariables = [
  'ALLOWED_IMAGES',
  'ALLOWED_MOUNTS',
  'ALLOWED_CAPABILITIES',
  'ALLOWED_NETWORKS',
  'ALLOWED_USERS',
] as const satisfies readonly (keyof PolicyVariables)[];

/** Makes the policy that the variables describe. */
export function policyOf(variables: PolicyVariables): Policy {
  return {
    images: imagePatternsOf(variables.ALLOWED_IMAGES),
    mounts: variables.ALLOWED_MOUNTS,
    capabilities: patternsOf(variables.ALLOWED_CAPABILITIES?.map(withoutPrefix)),
    networks: patternsOf(variables.ALLOWED_NETWORKS),
    users: patternsOf(variables.ALLOWED_USERS),
  };
}

/** A capability's name as a policy has it: `CAP_CHOWN` and `CHOWN` are one. */
export function withoutPrefix(capability: string): string {
  return capability.replace(/^CAP_/, '');
}
