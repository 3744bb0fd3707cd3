import type { ErrorDetail } from '@podman-api/errors';
import type { Policy } from '../../policy/policy.ts';
import { capabilityRefusals, imageRefusals, networkRefusals, runtimeRefusals } from '../../policy/rules.ts';
import type { CreateInput } from './input.ts';

/** The fields of a new container that the policy restricts. */
type RestrictedFields = Pick<CreateInput, 'image' | 'pull_policy' | 'cap_add' | 'network' | 'runtime'>;

/** Returns what the policy forbids of a new container; its mounts are checked on the worker, in `planMounts`. */
export function createRefusals(
  { image, pull_policy, cap_add, network, runtime }: RestrictedFields,
  policy: Policy,
): readonly ErrorDetail[] {
  return [
    ...imageRefusals(image, pull_policy, policy),
    ...capabilityRefusals(cap_add, policy),
    ...networkRefusals(network, policy),
    ...runtimeRefusals(runtime, policy),
  ];
}
