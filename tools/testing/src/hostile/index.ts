export { secretMark } from './fields.ts';
export { hostileInputs } from './inputs.ts';
export { hostileText, hostileValue, markPiece, objectNames } from './values.ts';
