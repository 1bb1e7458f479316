declare const LAKESIDE_VERSION: string | undefined;

/** The version this page was built as; empty where nobody built it (tests). */
export const version = typeof LAKESIDE_VERSION === 'string' ? LAKESIDE_VERSION : '';
