import { afterAll } from 'vitest';
import { killChildren } from './child.ts';

// Vitest runs this in the process of each test file.
afterAll(killChildren);
