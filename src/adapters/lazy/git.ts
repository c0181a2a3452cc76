/** A file of its own (dist/git.cjs): only a trusted folder in a repository needs it. */
export { findRepository } from "../git/gitCli";
