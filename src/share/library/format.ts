export * from '../../ui/format.js';
