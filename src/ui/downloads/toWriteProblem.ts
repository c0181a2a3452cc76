import { GammaError } from "../../shared/errors";

/** What the disk said, as one sentence that says what to do; any other error as it is. */
export function toWriteProblem(error: unknown, target: string): unknown {
	// Of Node's errors those of the file system name the call that failed.
	if (!(error instanceof Error) || GammaError.is(error) || !("syscall" in error) || !("code" in error)) return error;
	return new GammaError("artifact.unwritable", sentence(String(error.code), target.slice(-500)), { cause: error });
}

function sentence(code: string, target: string): string {
	switch (code) {
		case "ENOSPC":
		case "EDQUOT":
		case "EFBIG":
			return `There is no room for ${target}: make some on that disk, or choose another folder.`;
		case "EACCES":
		case "EPERM":
		case "EROFS":
			return `You may not write ${target}: choose another folder.`;
		case "ENAMETOOLONG":
			return `${target} is a longer name than that disk takes: choose a shorter one.`;
		default:
			return `${target} could not be written (${code}): choose another folder.`;
	}
}
