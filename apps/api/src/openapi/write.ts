import { writeFileSync } from 'node:fs';
import { documentText } from './serve.ts';

writeFileSync(new URL('../../../../docs/openapi.json', import.meta.url), documentText());
