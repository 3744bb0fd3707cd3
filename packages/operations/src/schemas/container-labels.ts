import type { ObjectSchema } from 'joi';
import { boundedMap } from './bounds.ts';
import { once } from './once.ts';
import { quote, readableBy, UnreadableValue } from './readable-by.ts';
import { text } from './text.ts';

/** Maximum bytes of all names and values of a container's labels: each list of containers has all labels of all of them. */
const maxLabelBytes = 64 * 1024;

/** Returns the schema of a new container's labels, 64 KiB in all, without those of this service and of podman's own updates. */
export const containerLabels = once(
  (): ObjectSchema =>
    boundedMap(1000, /^(?!podman-api\.|io\.containers\.autoupdate|PODMAN_SYSTEMD_UNIT)[^\0\r\n=]{1,255}$/, text().allow(''))
      .custom(readableBy(checkSize))
      .messages({
        'object.base': '{{#label}} must be an object, such as \\{"team": "ci"}',
        'object.unknown':
          '{{#label}} cannot be a label: use up to 255 characters without "=" and newlines, and none of the labels of podman-api and of podman\'s own updates',
      })
      .description('At most 64 KiB of names and values in all.'),
);

/** @throws UnreadableValue if the labels are too large */
function checkSize(labels: Readonly<Record<string, string>>): void {
  const bytes = Object.entries(labels).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > maxLabelBytes) throw new UnreadableValue('labels have at most 64 KiB in all; put longer data into a file of the container');
}

/**
 * Returns the schema of a new volume's labels, as those of a container but without commas and double quotes: podman splits the
 * labels of a volume at commas, some versions only.
 */
export const commaFreeLabels = once(
  (): ObjectSchema =>
    containerLabels()
      .custom(
        readableBy((labels: Readonly<Record<string, string>>) => {
          const [bad] = Object.entries(labels).filter(entry => /[,"\r\n]/.test(entry.join('')));
          if (bad)
            throw new UnreadableValue(
              `the label ${quote(bad[0])} must have no comma, double quote or newline, because podman splits it there`,
            );
        }),
      )
      .description('At most 64 KiB of names and values in all, without commas, double quotes and newlines.'),
);
