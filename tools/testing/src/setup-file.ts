import { afterAll } from 'vitest';
import { killChildren } from './child.ts';
import { removeOwned } from './containers.ts';

// Vitest runs this file for each test file; all test files of a process share the modules above.
afterAll(killChildren);
afterAll(removeOwned);
