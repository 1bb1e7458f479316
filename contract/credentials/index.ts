export * from './grants.js';
export * from './records.js';
export * from './routes.js';
export * from './signIn.js';
export * from './types.js';
