import Joi from 'joi';
import { define } from '../../define.ts';
import { exampleVolume, readVolume, type VolumeDetails, volumeDetails, volumeName, volumeReach } from '../lookup/volume.ts';

/** Inspects a volume. */
export const inspectVolume = define<{ readonly name: string }, VolumeDetails>({
  name: 'volume.inspect',
  method: 'GET',
  path: '/volumes/:name',
  reach: volumeReach,
  scope: 'containers:read',
  input: Joi.object({ name: volumeName().required() }),
  lane: 'reads',
  isRepeatable: true,
  noun: 'volume',
  summary: 'Inspects a volume',
  results: { 200: volumeDetails },
  example: { input: { name: 'data' }, result: { ...exampleVolume, in_use: true, containers: ['web'] } },
  run: (podman, { name }, context) => readVolume(podman, name, context),
});
