/** Which relay the settings name, and how one gets in. */
export type RelayTarget =
	/** None: the one of this machine counts, where one runs. */
	| { readonly kind: "local" }
	/** With a token that the person was given. */
	| { readonly kind: "token"; readonly url: string }
	| { readonly kind: "signIn"; readonly url: string; readonly service: SignInService }
	/** What is wrong with a setting, as one sentence. */
	| { readonly kind: "invalid"; readonly reason: string };

/** A Supabase project where people sign in. */
export interface SignInService {
	/** Without a trailing slash. */
	readonly url: string;
	/** Publishable: it names the project and opens nothing by itself. */
	readonly anonKey: string;
}

/** The settings below `gamma.relay.`, as written. */
export interface RelaySettings {
	readonly url: string;
	readonly supabaseUrl: string;
	readonly supabaseAnonKey: string;
}

export function toRelayTarget(settings: RelaySettings): RelayTarget {
	const [url, supabaseUrl, anonKey] = [settings.url, settings.supabaseUrl, settings.supabaseAnonKey].map((text) =>
		text.trim().replace(/\/+$/, ""),
	) as [string, string, string];
	if (url === "") return { kind: "local" };
	const problem = problemOfAddress(url, "relay");
	if (problem !== undefined) return { kind: "invalid", reason: `gamma.relay.url: ${problem}` };
	if (supabaseUrl === "" && anonKey === "") return { kind: "token", url };
	if (supabaseUrl === "" || anonKey === "") {
		const reason = "gamma.relay.supabaseUrl and gamma.relay.supabaseAnonKey are set together, or neither is.";
		return { kind: "invalid", reason };
	}
	const supabaseProblem = problemOfAddress(supabaseUrl, "sign-in service");
	if (supabaseProblem !== undefined) return { kind: "invalid", reason: `gamma.relay.supabaseUrl: ${supabaseProblem}` };
	return { kind: "signIn", url, service: { url: supabaseUrl, anonKey } };
}

/** What is wrong with an address to which a token would go, as one sentence; undefined when nothing is. */
export function problemOfAddress(text: string, what: "relay" | "sign-in service"): string | undefined {
	let url: URL;
	try {
		url = new URL(text.trim());
	} catch {
		return `A ${what}'s address starts with https://, such as https://gamma.example.org.`;
	}
	if (url.username !== "" || url.password !== "") return "Leave name and password out of the address.";
	const isLoopback = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
	if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback)) return undefined;
	if (url.protocol === "http:")
		return `A ${what} elsewhere is only asked over https://: a token must not be read on its way.`;
	return `A ${what}'s address starts with https://, such as https://gamma.example.org.`;
}
