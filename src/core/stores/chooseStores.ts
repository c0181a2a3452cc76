import { isRemoteUri } from "./storeUri";
import type { StoreLocation } from "./trackingStore";

export interface StorePolicy {
	/** In a folder that is not trusted nothing is contacted. */
	readonly isTrusted: boolean;
	/** Hosts (`hostOf`) the person has allowed in this workspace. */
	readonly allowedHosts: ReadonlySet<string>;
}

export interface StoreChoice {
	readonly open: readonly StoreLocation[];
	/** Named by a file of the workspace and elsewhere than here: contacted only after the person said so. */
	readonly asked: readonly StoreLocation[];
	/** Left alone until the workspace is trusted. */
	readonly withheld: readonly StoreLocation[];
}

/** Which of the found stores may be opened now. */
export function chooseStores(found: readonly StoreLocation[], policy: StorePolicy): StoreChoice {
	const open: StoreLocation[] = [];
	const asked: StoreLocation[] = [];
	const withheld: StoreLocation[] = [];
	for (const location of found) {
		if (!isRemoteUri(location.uri)) open.push(location);
		else if (!policy.isTrusted) withheld.push(location);
		else if (location.source === "workspace" && !policy.allowedHosts.has(hostOf(location.uri))) asked.push(location);
		else open.push(location);
	}
	return { open, asked, withheld };
}

/** What a remote URI would contact: `https://host:port`, or the machine of a share. */
export function hostOf(uri: string): string {
	const text = uri.trim();
	if (/^https?:/i.test(text)) {
		try {
			return new URL(text).origin;
		} catch {
			return text;
		}
	}
	return text
		.replace(/^file:/i, "")
		.replaceAll("\\", "/")
		.replace(/^(\/\/[^/]*).*$/s, "$1");
}
