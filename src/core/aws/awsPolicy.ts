/** What each part of Gamma calls; a test compares it with the commands that the adapters send. */
export const awsActions = {
	/** Seeing trainings and their figures. */
	watch: ["sagemaker:ListTrainingJobs", "sagemaker:DescribeTrainingJob", "sagemaker:ListTags"],
	/** Reading what a training prints. */
	logs: ["logs:DescribeLogStreams", "logs:GetLogEvents"],
	/** Listing and taking home artifacts and checkpoints. */
	read: ["s3:ListBucket", "s3:GetObject", "s3:GetObjectAttributes"],
	/** Stopping and beginning a training, and uploading what it reads. */
	train: [
		"sagemaker:CreateTrainingJob",
		"sagemaker:AddTags",
		"sagemaker:StopTrainingJob",
		"iam:PassRole",
		"s3:PutObject",
		"s3:AbortMultipartUpload",
	],
	/** Deleting an artifact, which asks for its name first. */
	remove: ["s3:DeleteObject"],
} as const;

export type AwsUse = keyof typeof awsActions;

export interface PolicyPlace {
	/** `eu-central-1`; null for every region. */
	readonly region: string | null;
	/** Bucket with an optional prefix, as `.gamma/train.json` has it; null for a placeholder to fill in. */
	readonly bucket: string | null;
	/** ARN of the role that trainings run as; null for a placeholder. */
	readonly role: string | null;
}

const logGroup = "/aws/sagemaker/TrainingJobs";

/** The least that Gamma needs, as an IAM policy; what is not known stands as `<words>` to fill in. */
export function toAwsPolicy({ region, bucket, role }: PolicyPlace, uses: readonly AwsUse[]) {
	const [, host = "", path = ""] = /^(?:s3:\/\/)?([^/]+)\/?(.*?)\/*$/.exec(bucket ?? "<bucket>") ?? [];
	const account = /^arn:[\w-]+:iam::(\d{12}):/.exec(role ?? "")?.[1] ?? "*";
	const partition = partitionOf(region);
	const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region ?? "*"}:${account}:${rest}`;
	const places: readonly (readonly [name: string, actions: RegExp, resource: string])[] = [
		// It takes no resource.
		["ListTrainings", /^sagemaker:ListTrainingJobs$/, "*"],
		["Trainings", /^sagemaker:/, arn("sagemaker", "training-job/*")],
		["TrainingLogs", /^logs:/, arn("logs", `log-group:${logGroup}:*`)],
		["ListBucket", /^s3:ListBucket$/, `arn:${partition}:s3:::${host}`],
		["Objects", /^s3:/, `arn:${partition}:s3:::${host}/${path === "" ? "" : `${path}/`}*`],
		["HandRoleToTraining", /^iam:/, role ?? "<ARN of the role that trains>"],
	];
	let left: string[] = [...new Set(uses.flatMap((use) => [...awsActions[use]]))];
	const Statement = places.flatMap(([Sid, pattern, Resource]) => {
		const Action = left.filter((action) => pattern.test(action)).sort();
		left = left.filter((action) => !pattern.test(action));
		const onlyTo = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };
		const Condition = Sid === "HandRoleToTraining" ? { Condition: onlyTo } : {};
		return Action.length === 0 ? [] : [{ Sid, Effect: "Allow" as const, Action, Resource, ...Condition }];
	});
	return { Version: "2012-10-17" as const, Statement };
}

/** AWS's clouds that are not joined: the public one, China, and the two of the US government. */
export function partitionOf(region: string | null): "aws" | "aws-cn" | "aws-us-gov" {
	if (region?.startsWith("cn-")) return "aws-cn";
	return region?.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
