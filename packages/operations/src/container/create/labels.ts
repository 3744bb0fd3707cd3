import type { ObjectSchema } from 'joi';
import { boundedMap } from '../../schemas/bounds.ts';
import { readableBy, UnreadableValue } from '../../schemas/readable-by.ts';
import { text } from '../../schemas/text.ts';

/** Of all names and values of a container's labels: each list of containers has all labels of all of them. */
const maxLabelBytes = 64 * 1024;

/** Returns the schema of a new container's labels, 64 KiB in all, without those of this service and of podman's own updates. */
export function containerLabels(): ObjectSchema {
  return boundedMap(1000, /^(?!podman-api\.|io\.containers\.autoupdate|PODMAN_SYSTEMD_UNIT)[^\0\r\n=]{1,255}$/, text().allow(''))
    .custom(readableBy(checkSize))
    .messages({
      'object.base': '{{#label}} must be an object, such as \\{"team": "ci"}',
      'object.unknown':
        '{{#label}} cannot be a label: use up to 255 characters without "=" and newlines, and none of the labels of podman-api and of podman\'s own updates',
    })
    .description('At most 64 KiB of names and values in all.');
}

/** @throws UnreadableValue if the labels are too large */
function checkSize(labels: Readonly<Record<string, string>>): void {
  const bytes = Object.entries(labels).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > maxLabelBytes)
    throw new UnreadableValue('labels have at most 64 KiB in all; put what is longer into a file of the container');
}
