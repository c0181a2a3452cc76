declare const __GAMMA_VERSION__: string | undefined;

/** The package's version, put in by `esbuild.mjs`; from its sources the relay has none. */
export const version = typeof __GAMMA_VERSION__ === "string" ? __GAMMA_VERSION__ : "0.0.0";
