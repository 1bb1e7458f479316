export * from './cron.js';
export * from './file.js';
export * from './macros.js';
export * from './spec.js';
export * from './values.js';
export * from './records.js';
