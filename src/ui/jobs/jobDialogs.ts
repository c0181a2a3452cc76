/** A file of its own (dist/jobs.cjs): what is asked before a job is stopped, run again or silenced, and what is told of its row, loaded when it is. */
export { readCheckpoints } from "../../core/jobs/readCheckpoints";
export { addRelay } from "./addRelay";
export { JobControl } from "./jobControl";
export { JobStages } from "./jobStages";
export { jobTooltipOf } from "./jobTooltipOf";
export { muteJobs } from "./muteJobs";
export { changeWorkflow } from "./workflowControl";
