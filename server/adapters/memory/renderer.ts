import { createRenderer } from '../../share/render/operations.js';
import type { RenderSettings } from '../../share/render/operations.js';
import type { Renderer } from '../../share/ports.js';

/**
 * Renders in this process: the same bytes as the child process makes, without its caps on memory and time. For tests
 * and the sandbox, never for notebooks of others.
 */
export function createMemoryRenderer(settings: RenderSettings): Renderer {
  return createRenderer(settings);
}
