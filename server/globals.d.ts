/** The version of package.json; written in by the build (and by vitest). */
declare const LAKESIDE_VERSION: string;
