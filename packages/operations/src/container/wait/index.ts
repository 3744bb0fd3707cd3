import Joi from 'joi';
import { containerName } from '../../schemas/names.ts';
import { shape, shortIdText } from '../../schemas/shape.ts';
import { defineContainerOperation } from '../define-container-operation.ts';
import { type WaitInput, waitCondition, waitInput } from './input.ts';
import { type WaitedContainer, waitForCondition } from './run.ts';

/** Waits until a container has stopped, runs or is healthy. */
export const wait = defineContainerOperation<WaitInput, WaitedContainer>({
  name: 'container.wait',
  method: 'GET',
  path: '/containers/:name/wait',
  scope: 'containers:read',
  query: ['condition'],
  input: waitInput,
  lane: 'waits',
  isRepeatable: true,
  noun: 'container',
  summary: 'Waits until a container has stopped, runs or is healthy',
  description:
    'Answers at once if the condition holds. 404 when the container is removed, 409 for `healthy` if it has no health check. The request waits like any other: see `Prefer`.',
  results: {
    200: shape<WaitedContainer>('WaitedContainer', {
      id: shortIdText(),
      name: containerName(),
      condition: waitCondition(),
      exit_code: Joi.number()
        .integer()
        .allow(null)
        .description('For `stopped`: the observed exit code; null if none was observed. Null for other conditions.'),
    }),
  },
  example: {
    input: { name: 'web', condition: 'stopped' },
    result: { id: '1f0c2a9b7d3e', name: 'web', condition: 'stopped', exit_code: 0 },
  },
  run: waitForCondition,
});
