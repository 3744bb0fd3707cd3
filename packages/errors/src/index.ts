export { ApiError, type ErrorBody, type ErrorDetail, type ErrorFields, invalidField, toApiError } from './api-error.ts';
export { JobOutcomeError, undoOrThrowUnknown, unknownOutcomeError } from './job-outcome-error.ts';
export { type ErrorType, errorTypes, isErrorType } from './types.ts';
