export { findPrometheus, prometheusFolder } from './programs.ts';
export { startPrometheus, type TestPrometheus } from './server.ts';
