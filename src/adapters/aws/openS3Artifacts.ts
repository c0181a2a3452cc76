import type { S3Place } from "../../core/artifacts/s3Uri";
import type { AwsChoice } from "../../core/aws/awsChoice";
import { S3Artifacts } from "../artifacts/s3Artifacts";
import { AwsClients } from "./awsClients";

let last: { readonly choice: AwsChoice; readonly clients: AwsClients } | null = null;

/** A folder of a bucket by the account, region and endpoint that were chosen; places of one choice share its client. */
export function openS3Artifacts(choice: AwsChoice, place: S3Place): S3Artifacts {
	if (last?.choice !== choice) last = { choice, clients: new AwsClients(choice) };
	return new S3Artifacts(last.clients.s3, place);
}
