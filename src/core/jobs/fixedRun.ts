import type { Job } from "../../shared/relay/job";
import { runOfMessage } from "../edits/commitMessage";
import { toLine } from "../plainText";

/** A run's id is as long as MLflow makes it; the beginning tells it apart. */
const shownChars = 8;

/** Id of the run that this job's commit says it fixes, by its trailer `Gamma-Run:`; null where it says none. */
export function fixedRunOf({ message }: Pick<Job, "message">): string | null {
	return runOfMessage(message);
}

/** `fixes run 57`, or its name where it is known; null for a commit that fixes none. */
export function fixesWords(job: Pick<Job, "message">, name: string | null): string | null {
	const id = fixedRunOf(job);
	if (id === null) return null;
	return `fixes ${name === null ? `run ${id.length > 12 ? id.slice(0, shownChars) : id}` : toLine(name, 40)}`;
}
