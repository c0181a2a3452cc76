/** A file of its own (dist/mmp.cjs): a repository is set up once, a relay's App made once. */
export { proposeFor } from "../../core/mmp/setupProposal";
export { githubApps } from "../mmp/githubApps";
