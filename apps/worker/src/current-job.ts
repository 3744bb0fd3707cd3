import { AsyncLocalStorage } from 'node:async_hooks';
import type { ReceivedJob } from '@podman-api/jobs';

/** The job that the current asynchronous context works for; podman's commands are logged and traced as the job's. */
export const currentJob = new AsyncLocalStorage<Pick<ReceivedJob, 'id' | 'operation'>>();
