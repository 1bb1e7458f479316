// Stands in for qs, which express uses for nested query strings and forms only; the sidecar takes neither.
export { parse, stringify } from 'node:querystring';
