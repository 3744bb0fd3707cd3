import { describeCi } from './ci/describe-ci.ts';

describeCi({
  'GitHub Actions': [['passes', 0]],
  'GitLab CI': [
    ['passes', 0],
    ['fails', 3],
  ],
  Jenkins: [
    ['passes', 0],
    ['fails', 3],
  ],
});
