export { ApiError, asApiError, type ErrorBody, type ErrorDetail, type ErrorFields, invalid } from './api-error.ts';
export { JobEnded } from './job-ended.ts';
export { type ErrorType, errorTypes, isErrorType } from './types.ts';
