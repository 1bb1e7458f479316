export * from '../../../ui/floating.js';
