import { LocalJobs, type LocalJobsParts } from "./localJobs";
import { WorkflowWatch, type WorkflowWatchParts } from "./workflowWatch";

export type LocalJobsWish = Omit<LocalJobsParts, "workflows"> & WorkflowWatchParts;

/** A file of its own (dist/localJobs.cjs): jobs without a relay, and the workflow runs among them. Who makes them disposes both. */
export function makeLocalJobs(wish: LocalJobsWish) {
	const workflows = new WorkflowWatch(wish);
	return { workflows, jobs: new LocalJobs({ ...wish, workflows }) };
}
