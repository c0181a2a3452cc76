import { assertNever } from "../../shared/errors";
import type { AwsState } from "../aws/awsAccess";
import type { Door } from "../jobs/door";

/** The one row that says what keeps SageMaker from being asked, and opens it; none where all is well. */
export function awsDoors(state: AwsState, problem: string | null): readonly Door[] {
	switch (state.kind) {
		case "unknown":
		case "ready":
			return problem === null
				? []
				: [
						{
							id: "aws",
							label: "Trainings may be old",
							description: problem,
							tooltip: problem,
							icon: "warning",
							command: "retryAws",
						},
					];
		case "expired":
			return [door("Sign in to AWS…", "its sign-in has expired", state.reason, "key", "signInToAws")];
		case "missing":
			return [door("Choose an AWS profile…", "AWS does not know you", state.reason, "key", "chooseAwsProfile")];
		case "noRegion":
			return [door("Choose an AWS region…", "none is set", state.reason, "globe", "chooseAwsProfile")];
		case "clockSkew":
			return [door("Set this machine's clock", "AWS refuses it", state.reason, "watch", "retryAws")];
		default:
			return assertNever(state);
	}
}

function door(label: string, description: string, tooltip: string, icon: string, command: Door["command"]): Door {
	return { id: "aws", label, description, tooltip, icon, command };
}
