/** Loads what is asked about a job: with the first question, not with the window. */
export type LoadJobDialogs = () => Promise<typeof import("./jobDialogs")>;
