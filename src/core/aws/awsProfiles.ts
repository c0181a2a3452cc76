/** A profile of AWS's own files, by name. */
export interface AwsProfile {
	readonly name: string;
	readonly region: string | null;
	/** `sso`: `aws sso login` makes it valid; `role`: another profile takes it on; `keys`; or a `process` that is asked. */
	readonly kind: "sso" | "role" | "keys" | "process" | "other";
}

/**
 * The profiles of `~/.aws/config` and `~/.aws/credentials`, by name, the default first.
 * Format: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function parseAwsProfiles(config: string, credentials: string): readonly AwsProfile[] {
	const found = new Map<string, Map<string, string>>();
	collect(config, found, (section) => (section === "default" ? section : /^profile\s+(.+)$/.exec(section)?.[1]));
	collect(credentials, found, (section) => section);
	return [...found]
		.map(([name, keys]) => ({ name, region: keys.get("region") ?? null, kind: kindOf(keys) }))
		.sort((a, b) => Number(b.name === "default") - Number(a.name === "default") || (a.name < b.name ? -1 : 1));
}

function kindOf(keys: ReadonlyMap<string, string>): AwsProfile["kind"] {
	if (keys.has("sso_session") || keys.has("sso_start_url")) return "sso";
	if (keys.has("role_arn")) return "role";
	if (keys.has("credential_process")) return "process";
	return keys.has("aws_access_key_id") ? "keys" : "other";
}

function collect(
	text: string,
	found: Map<string, Map<string, string>>,
	nameOf: (section: string) => string | undefined,
): void {
	let keys: Map<string, string> | undefined;
	for (const line of text.split(/\r?\n/)) {
		const section = /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1];
		if (section !== undefined) {
			const name = nameOf(section)
				?.trim()
				.replace(/^"(.*)"$/, "$1");
			keys = name === undefined ? undefined : (found.get(name) ?? new Map());
			if (name !== undefined && keys) found.set(name, keys);
			continue;
		}
		// An indented line belongs to the key above it, as of `s3 =`.
		const [, key, value] = /^(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
		if (key !== undefined && value !== undefined) keys?.set(key, value);
	}
}
