export * from './records.js';
export * from './history.js';
