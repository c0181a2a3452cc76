/** Where a repository lies at its forge. */
export interface ForgeAddress {
	/** In lower case, e.g. `github.com`. */
	readonly host: string;
	/** `owner/name`, as the remote spells it. */
	readonly repository: string;
}

/**
 * Reads a remote's address as git takes it: `https://host/owner/name.git`, `ssh://git@host:22/owner/name`,
 * `git@host:owner/name`. Null for a folder, and for what has no owner and name.
 */
export function readForgeAddress(url: string): ForgeAddress | null {
	const [, scheme, authority, path] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)\/(.*)$/i.exec(url) ?? [];
	if (scheme !== undefined) {
		const isNetwork = /^(https?|ssh|git|git\+ssh)$/i.test(scheme);
		return isNetwork ? toAddress(authority ?? "", path ?? "") : null;
	}
	// `host:path`, and no drive of Windows: git takes one letter before a colon for that.
	const [, place, short] = /^([^/\\:]{2,}):(?!\/\/)(.*)$/.exec(url) ?? [];
	return place === undefined ? null : toAddress(place, short ?? "");
}

function toAddress(authority: string, path: string): ForgeAddress | null {
	const host = authority.replace(/^.*@/, "").replace(/:\d*$/, "").toLowerCase();
	const repository = path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
	// GitHub's ssh over the port of https has a host of its own.
	const known = host === "ssh.github.com" || host === "www.github.com" ? "github.com" : host;
	return known !== "" && /^[\w.-]+\/[\w.-]+$/.test(repository) ? { host: known, repository } : null;
}

/** Of several remotes the one that pushes go to: `origin`, else `upstream`, else the first that has an address at a forge. */
export function chooseForge(remotes: readonly { readonly name: string; readonly url: string }[]): ForgeAddress | null {
	const found = remotes.flatMap(({ name, url }) => {
		const address = readForgeAddress(url);
		return address ? [{ name, address }] : [];
	});
	const named = (name: string) => found.find((remote) => remote.name === name)?.address;
	return named("origin") ?? named("upstream") ?? found[0]?.address ?? null;
}
