import { GammaError } from "../../shared/errors";
import { parseS3Uri } from "../artifacts/s3Uri";

/** The channel that a training finds its first checkpoint in. */
export const checkpointChannel = "checkpoint";

/** A checkpoint that a training goes on from. */
export interface CheckpointInput {
	/** `s3://bucket/key`, of a folder with a slash at its end: SageMaker takes all keys that begin so. */
	readonly uri: string;
	/** Where SageMaker puts it in the container. */
	readonly path: string;
}

/**
 * A file or folder of S3 as an input of a training.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 * Throws `platform.unsupported` for what does not lie in S3, which is all that SageMaker reads.
 */
export function toCheckpointInput(uri: string, isFolder: boolean): CheckpointInput {
	const at = parseS3Uri(uri);
	const key = uri.replace(/^s3:\/\/[^/]+\/?/, "").replace(/\/+$/, "");
	if (!at || key === "")
		throw new GammaError(
			"platform.unsupported",
			"SageMaker reads checkpoints from S3 only: upload this one to the bucket, then continue from there.",
		);
	const folder = `/opt/ml/input/data/${checkpointChannel}`;
	return isFolder
		? { uri: `s3://${at.bucket}/${key}/`, path: folder }
		: { uri: `s3://${at.bucket}/${key}`, path: `${folder}/${key.slice(key.lastIndexOf("/") + 1)}` };
}
