export { ApiError, asApiError, type ErrorBody, type ErrorDetail, type ErrorFields, invalid, UnknownOutcome } from './api-error.ts';
export { type ErrorType, errorTypes, isErrorType } from './types.ts';
