export { type Audit, type AuditEntry, openAudit } from './audit.ts';
export { ConfigError, readConfig } from './config/read.ts';
export { type Config, type VariableName, variables } from './config/variables.ts';
export { createLog, type Log } from './log.ts';
export { runApp } from './run-app.ts';
export { readSecretKeys, type SecretKeys } from './secret-key.ts';
export { stopOnSignal } from './signals.ts';
export { checkoutState, podmanSettings, podmanSettingsFile, stateFolder } from './state.ts';
