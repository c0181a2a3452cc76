import { GammaError } from "../../shared/errors";

/** An artifact that is not what its name or its header says. `reason` completes the sentence "It cannot be shown: …". */
export function unreadable(reason: string): GammaError {
	return new GammaError("artifact.unreadable", `It cannot be shown: ${reason}.`);
}
