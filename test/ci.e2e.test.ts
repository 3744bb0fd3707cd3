import { describeCi } from './ci/describe-ci.ts';

// A repository whose test passes is tried in `npm run test:all`.
describeCi(['fails', 3]);
