/** A row below the jobs that says what else there could be, and opens it. */
export interface Door {
	readonly id: "github" | "githubFailed" | "otherHost" | "relay" | "aws";
	readonly label: string;
	readonly description: string;
	readonly tooltip: string;
	readonly icon: string;
	/** What a click does; null where there is nothing to do. */
	readonly command:
		| "signInToGithub"
		| "refreshJobs"
		| "addRelay"
		| "signInToAws"
		| "chooseAwsProfile"
		| "retryAws"
		| null;
}
