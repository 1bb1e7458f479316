/** Copies the files that the renderer reads into a folder. */
export function copyAssets(target: string): Promise<void>;
