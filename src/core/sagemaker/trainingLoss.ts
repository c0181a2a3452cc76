import { costWords } from "./cost";
import type { Training } from "./training";

/** What stopping adds to what is lost: what was paid for it so far, and that a save is still waited for. */
export function trainingLoss(training: Training, nowMs: number): string {
	const cost = costWords(training, nowMs);
	const paid = cost === null ? "" : ` Cost: ${cost}.`;
	const saves =
		training.checkpointUri === null
			? "It has no place for checkpoints in S3."
			: "What lies in its checkpoint folder is kept.";
	return `SageMaker gives it two minutes to end. ${saves}${paid}`;
}
