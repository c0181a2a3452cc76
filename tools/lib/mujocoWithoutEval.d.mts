import type { Plugin } from "esbuild";

export declare const mujocoWithoutEval: Plugin;
export declare function withoutEval(source: string): { readonly text: string; readonly count: number };
