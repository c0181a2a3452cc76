/**
 * The profile that the AWS Toolkit was told, from its setting `aws.profile` (`profile:name`, or the name alone); null for what is
 * no profile of AWS's files, as a sign-in of the Toolkit's own.
 */
export function toolkitProfile(setting: unknown): string | null {
	const [, name] = typeof setting === "string" ? (/^(?:profile:)?([^:]+)$/.exec(setting.trim()) ?? []) : [];
	return name ?? null;
}
