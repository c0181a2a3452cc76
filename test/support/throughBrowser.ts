/** Where a browser ends that follows a sign-in: at an address that leads no further, or that it cannot open itself (`vscode://…`). */
export async function throughBrowser(url: string): Promise<URL> {
	let at = url;
	for (let steps = 0; steps < 10; steps++) {
		if (!at.startsWith("http")) return new URL(at);
		const response = await fetch(at, { redirect: "manual" }).catch(() => null);
		const location = response?.headers.get("location") ?? null;
		if (location === null) return new URL(at);
		at = new URL(location, at).href;
	}
	throw new Error("the sign-in goes in circles");
}
