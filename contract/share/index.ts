export * from './records.js';
export * from './findings.js';
export * from './targets.js';
export * from './conflict.js';
export * from './publish.js';
export * from './library.js';
export * from './diff.js';
