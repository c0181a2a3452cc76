/** Whether a remote's address is of the repository `owner/name`: `https://host/owner/name.git`, `git@host:owner/name`. */
export function isRemoteOf(url: string, repository: string): boolean {
	const path = url
		.trim()
		.replace(/\/+$/, "")
		.replace(/\.git$/i, "")
		.toLowerCase();
	const wanted = repository.toLowerCase();
	return path === wanted || path.endsWith(`/${wanted}`) || path.endsWith(`:${wanted}`);
}

/** Two parts that are folders of their own, and no option of git's. */
export function isRepositoryName(repository: string): boolean {
	const parts = repository.split("/");
	return parts.length === 2 && parts.every((part) => /^[\w.][\w.-]*$/.test(part) && !/^\.+$/.test(part));
}
