import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { listOf, shape, shortIdText } from '../../schemas/shape.ts';
import { type Port, port } from '../published-ports.ts';
import type { CreateInput } from './input.ts';

/** A container that was created. */
export interface CreatedContainer {
  readonly id: string;
  readonly name: string;
  readonly status: 'running';
  /** The published ports, if podman chose any of them. */
  readonly ports?: readonly Port[];
  /** Whether it was taken from a pool; `undefined` for a create without one. */
  readonly warm?: boolean;
}

/** Result of a dry run. */
export interface DryRunResult {
  readonly name: string;
  readonly status: 'would be created';
  readonly image: 'present' | 'would be pulled';
}

/** Schema of `CreatedContainer`. */
export const createdContainer = shape<CreatedContainer>('CreatedContainer', {
  id: shortIdText(),
  name: containerName(),
  status: Joi.valid('running'),
  ports: listOf(port()).optional().description('Published ports, if podman chose any of them.'),
  warm: Joi.boolean().optional().description('With `pool`: whether an idle container of the pool was taken. Otherwise it was created now.'),
});

/** Schema of `DryRunResult`. */
export const dryRunResult = shape<DryRunResult>('Rehearsal', {
  name: containerName(),
  status: Joi.valid('would be created'),
  image: Joi.valid('present', 'would be pulled'),
});

const input: CreateInput = { image: 'docker.io/library/nginx:1.29', name: 'web', ports: { '8080': '80' }, labels: { team: 'ci' } };

/** Example for the OpenAPI document. */
export const exampleCreate = {
  input,
  result: { id: '1f0c2a9b7d3e', name: 'web', status: 'running' },
  dryRunResult: { name: 'web', status: 'would be created', image: 'present' },
};
