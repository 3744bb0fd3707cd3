export { hostileDockerInputs } from './docker-inputs.ts';
export { secretMark } from './fields.ts';
export { hostileInputs } from './inputs.ts';
export { type HostileRoute, hostileRoutes } from './routes.ts';
export { hostileText, hostileValue, markPiece, objectNames } from './values.ts';
