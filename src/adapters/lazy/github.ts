/** A file of its own (dist/github.cjs): only who signed in to GitHub needs it. */
export { ActionsClient } from "../github/actionsClient";
export { githubApiUrl } from "../github/githubApiUrl";
export { GithubRuns } from "../github/githubRuns";
