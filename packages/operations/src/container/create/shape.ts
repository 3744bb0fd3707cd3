import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { listOf, shape, shortIdText } from '../../schemas/shape.ts';
import type { CreatedContainer, CreateInput } from '../create.ts';
import { port } from './ports.ts';
import type { Rehearsal } from './rehearse.ts';

/** A container that was made, as it is answered. */
export const createdContainer = shape<CreatedContainer>('CreatedContainer', {
  id: shortIdText(),
  name: containerName(),
  status: Joi.valid('running'),
  ports: listOf(port()).optional().description('Where podman was left to choose ports of the host.'),
});

/** What a dry run found, as it is answered. */
export const rehearsal = shape<Rehearsal>('Rehearsal', {
  name: containerName(),
  status: Joi.valid('would be created'),
  image: Joi.valid('present', 'would be pulled'),
});

const input: CreateInput = { image: 'docker.io/library/nginx:1.29', name: 'web', ports: { '8080': '80' }, labels: { team: 'ci' } };

export const exampleCreate = { input, result: { id: '1f0c2a9b7d3e', name: 'web', status: 'running' } };
