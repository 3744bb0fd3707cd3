import type { ErrorDetail } from '@podman-api/errors';
import type { Policy } from '../../policy/policy.ts';
import { networkRefusals } from '../../policy/rules.ts';

/** Returns the refusal of a network that ALLOWED_NETWORKS does not list: it must not be created, changed or removed. The field is `name`. */
export function nameRefusals({ name }: { readonly name: string }, policy: Policy): readonly ErrorDetail[] {
  return networkRefusals(name, policy).map(({ message }) => ({ path: 'name', message: message.replace(/^network: /, 'name: ') }));
}

/** Returns whether the policy allows removing a network. */
export function isAllowedNetwork(name: string, policy: Policy): boolean {
  return networkRefusals(name, policy).length === 0;
}
