import type { Part } from '../part.ts';
import { makePlan } from '../system/install.mjs';
import { formatRefusal } from '../system/messages.mjs';

const part = 'packages';

/** The packages that `npm start` needs from the host's package manager. */
export const systemPackages: Part = {
  async check() {
    const plan = makePlan(['podman', 'redis']);
    if (plan.packages.length === 0 && plan.usermod === undefined) return { part, ok: true, text: 'all that "npm start" needs' };
    const { message, remedy } = formatRefusal({ ...plan, needsNpmPackages: false }, true);
    return { part, ok: false, text: message, remedy };
  },
};
