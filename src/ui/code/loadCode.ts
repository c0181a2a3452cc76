/** Loads what the commands about the code of runs are made of: with the first of them, not with the window. */
export type LoadCode = () => Promise<typeof import("./codeParts")>;
