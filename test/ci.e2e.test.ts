import { describeCi } from './ci/describe-ci.ts';

// The other CI systems and outcomes are tested by `npm run test:all`.
describeCi({ 'GitHub Actions': [['fails', 3]] });
