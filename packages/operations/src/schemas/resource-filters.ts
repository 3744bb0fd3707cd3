import Joi from 'joi';
import { boundedText } from './bounds.ts';
import { hasLabels, labelFilter } from './label-filter.ts';
import { queryFlag } from './query.ts';

/** Fields that select volumes or networks. */
export interface ResourceFilters {
  /** `name=value` or a name; if there are several, all must match. */
  readonly label?: readonly string[];
  /** A part of the name. */
  readonly name?: string;
  /** Whether no container uses it. */
  readonly dangling?: boolean;
}

/** The properties of a volume or a network that filters concern. */
interface Filtered {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly in_use: boolean;
}

/** Returns the schema of the filters of a list. */
export const resourceFilters = () =>
  Joi.object<ResourceFilters>({
    label: labelFilter(),
    name: boundedText(253).description('A part of the name.'),
    dangling: queryFlag().description('`true`: only those that no container uses; `false`: only those that a container uses.'),
  });

/** Returns whether a volume or a network passes the filters. */
export function passesFilters({ name, labels, in_use }: Filtered, filters: ResourceFilters): boolean {
  const { label, dangling } = filters;
  return (dangling === undefined || dangling !== in_use) && name.includes(filters.name ?? '') && hasLabels(labels, label);
}
