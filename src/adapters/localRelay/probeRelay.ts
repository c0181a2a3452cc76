const timeoutMs = 5_000;

/** What answers at an address: the relay whose token this is, something that does not take it, or nothing in time. */
export async function probeRelay(url: string, token: string): Promise<"ours" | "other" | "silent"> {
	try {
		const response = await fetch(`${url}/api/projects?limit=1`, {
			headers: { authorization: `Bearer ${token}` },
			redirect: "error",
			signal: AbortSignal.timeout(timeoutMs),
		});
		await response.body?.cancel();
		// Its database may be away; a stranger's server has no problem document.
		const isRelay = /^application\/(problem\+)?json/.test(response.headers.get("content-type") ?? "");
		if (response.ok && isRelay) return "ours";
		return response.status >= 500 && isRelay ? "silent" : "other";
	} catch {
		return "silent";
	}
}
