/** Label of a container whose value is the id of the job that created it. */
export const jobLabel = 'podman-api.job';

/** Label of a container whose value is its ttl in seconds, and the id of the job that set it. */
export const ttlLabel = 'podman-api.ttl';

/** Label of a container whose value names the token whose quotas it counts against, see allocation.ts. */
export const tokenLabel = 'podman-api.token';

/** Label of a container that was created for a pool, see pool-membership.ts. */
export const poolLabel = 'podman-api.pool';

/** Maximum length of a label that is read; this service writes labels of about 60 and at most 186 characters. */
export const maxServiceLabelLength = 200;
