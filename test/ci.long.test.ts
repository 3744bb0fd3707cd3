import { describeCi } from './ci/describe-ci.ts';

describeCi(['passes', 0]);
