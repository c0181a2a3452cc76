import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type AwsProfile, parseAwsProfiles } from "../../core/aws/awsProfiles";

/** The profiles of this machine's AWS files; none where there are no files. No secret leaves this function. */
export async function readProfiles(
	environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly AwsProfile[]> {
	const { AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = environment;
	const read = (path: string) => readFile(path, "utf8").catch(() => "");
	const [config, credentials] = await Promise.all([
		read(AWS_CONFIG_FILE ?? join(homedir(), ".aws", "config")),
		read(AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), ".aws", "credentials")),
	]);
	return parseAwsProfiles(config, credentials);
}
