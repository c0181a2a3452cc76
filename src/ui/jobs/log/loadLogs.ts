/** Loads what logs are shown with: with the first log, not with the window. */
export type LoadLogs = () => Promise<typeof import("./jobLogParts")>;
