/** A file of its own (dist/github.cjs): only who signed in to GitHub without a relay needs it. */
export { ActionsClient } from "../github/actionsClient";
export { githubApiUrl } from "../github/githubApiUrl";
