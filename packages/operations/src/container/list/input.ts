import Joi from 'joi';
import { boundedText } from '../../schemas/bounds.ts';
import { labelFilter } from '../../schemas/label-filter.ts';
import { poolName } from '../../schemas/names.ts';
import { queryFlag } from '../../schemas/query.ts';
import { containerStatuses } from '../status.ts';

/** Input of `GET /containers`. */
export interface ListContainersInput {
  /** `name=value` or a name; a container must have all of them. */
  readonly label?: readonly string[];
  readonly status?: string;
  /** A part of the name. */
  readonly name?: string;
  /** Name of a pool: its idle containers, and no others. */
  readonly pool?: string;
  /** Runs podman even if its state has not changed since the last run. */
  readonly fresh?: boolean;
}

/** Schema of `GET /containers`. */
export const listInput = Joi.object<ListContainersInput>({
  label: labelFilter(),
  status: Joi.string().valid(...containerStatuses),
  name: boundedText(253).description('A part of the name.'),
  pool: poolName().description('Lists the idle containers of this pool, and no others. Without it no idle container is listed.'),
  fresh: queryFlag().description('Queries podman even if nothing has changed; `Cache-Control: no-cache` does the same.'),
});
