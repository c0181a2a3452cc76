/** A file of its own (dist/code.cjs): what is shown and asked about the code of runs, loaded with the first command about it. */
export { checkOutRunCommit } from "./checkOutCommit";
export { showCodeDiff, showCommit } from "./codeDiff";
export { pickRun } from "./pickRun";
export { runsOfCommit, runsOfFile } from "./runsOfCode";
export { findStoredDiffs, readStoredDiff } from "./storedDiff";
