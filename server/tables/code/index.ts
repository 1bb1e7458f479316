export { snippetsOf } from './snippets.js';
