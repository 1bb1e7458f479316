/**
 * What authors of plug-ins get: the npm package `@lakeside/plugin-kit`. Plug-ins import it by that name, and the
 * Lakeside in which they run gives them its own.
 */
export * as z from 'zod';
export { ProblemError } from '../../contract/problem.js';
export type { FieldError, ProblemCode, ProblemOptions } from '../../contract/problem.js';
export { Secret } from '../configuration/secret.js';
export type { Clock, Log } from '../ports.js';
export { PLUGIN_API } from './manifest.js';
export { definePlugin } from './plugin.js';
export type { Finding, Plugin, PluginSurroundings } from './plugin.js';
export { WikiHttp } from '../share/wiki/http.js';
export type { WikiAnswer, WikiHttpOptions, WikiRequest } from '../share/wiki/http.js';
export { holdsMarker, regionMarks } from '../share/wiki/region.js';
export type {
  WikiAttachment,
  WikiCall,
  WikiDialect,
  WikiFeatures,
  WikiHint,
  WikiNewPage,
  WikiPage,
  WikiPageRef,
  WikiPicture,
  WikiSpace,
  WikiStanding,
  WikiTarget
} from '../share/wiki/ports.js';
