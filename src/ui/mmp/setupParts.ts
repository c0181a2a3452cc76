/** A file of its own (dist/setup.cjs): what sets up a repository, or makes a relay's App, loaded with the first command of them. */
export { createGithubApp } from "./githubAppCreation";
export { ProjectSetup } from "./projectSetup";
