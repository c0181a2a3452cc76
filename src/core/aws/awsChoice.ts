/** Which account, region and service a person chose; null is what AWS's own tools would take (environment, `~/.aws`). */
export interface AwsChoice {
	readonly profile: string | null;
	readonly region: string | null;
	/** Address of an S3-like store or of a stand-in for all services; null for AWS's own. */
	readonly endpoint: string | null;
}

export const awsOfEnvironment: AwsChoice = { profile: null, region: null, endpoint: null };
