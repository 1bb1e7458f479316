/** Bundles the Node programs into a folder, `lakeside/sidecar` unless another is named. */
export function buildServer(options: { prod: boolean; out?: string }): Promise<void>;
