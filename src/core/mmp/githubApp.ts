import * as z from "zod/mini";
import { GammaError } from "../../shared/errors";

export interface GithubAppWish {
	/** Where GitHub sends its webhooks: a relay that it reaches. */
	readonly relayUrl: string;
	/** The organization that owns the App; null for the person's own account. */
	readonly organization: string | null;
}

/** An App as GitHub made it, with the secrets that it tells once. */
export interface GithubApp {
	readonly id: number;
	readonly name: string;
	/** The App's page, below which it is installed. */
	readonly htmlUrl: string;
	readonly webhookSecret: string;
	/** The private key, PEM. */
	readonly pem: string;
}

/** GitHub takes no longer name. */
const mostName = 34;

/**
 * The App that Gamma needs, as GitHub's manifest flow takes it: commits by the relay (contents), workflow runs (actions), and the
 * events of both. `installation` events come to every App. Throws `settings.invalid` where GitHub could not reach the relay.
 */
export function toManifest({ relayUrl, organization }: GithubAppWish, redirectUrl: string) {
	const relay = demandPublic(relayUrl);
	const whose = organization ?? relay.hostname;
	return {
		name: `Gamma ${whose}`.slice(0, mostName).trimEnd(),
		url: relay.origin,
		description: "Shows the trainings of this repository's models branches in VS Code.",
		public: false,
		redirect_url: redirectUrl,
		hook_attributes: { url: `${relay.href.replace(/\/+$/, "")}/api/webhooks/github`, active: true },
		default_permissions: { contents: "write", actions: "read", metadata: "read" },
		default_events: ["push", "workflow_run", "workflow_job"],
	};
}

/** Where the manifest is posted to, with the state that comes back. */
export function toCreationUrl(serverUrl: string, organization: string | null, state: string): string {
	if (organization !== null && !/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/.test(organization))
		throw new GammaError("settings.invalid", `${JSON.stringify(organization)} is no organization's name at GitHub.`);
	const owner = organization === null ? "" : `/organizations/${organization}`;
	return `${serverUrl.replace(/\/+$/, "")}${owner}/settings/apps/new?state=${state}`;
}

const converted = z.object({
	id: z.int(),
	name: z.string(),
	html_url: z.url({ protocol: /^https?$/ }),
	webhook_secret: z.string().check(z.minLength(1)),
	pem: z.string().check(z.regex(/^-----BEGIN [A-Z ]*PRIVATE KEY-----/)),
});

/** Reads what GitHub answers to the code. Null for what is no App. */
export function readConversion(body: unknown): GithubApp | null {
	const parsed = z.safeParse(converted, body);
	if (!parsed.success) return null;
	const { id, name, html_url, webhook_secret, pem } = parsed.data;
	return { id, name, htmlUrl: html_url, webhookSecret: webhook_secret, pem };
}

/** The relay's variables of the App, one a line, as files of environments have them. */
export function toRelayEnvironment({ id, webhookSecret, pem }: GithubApp): string {
	const lines = [
		`GITHUB_APP_ID=${id}`,
		`GITHUB_WEBHOOK_SECRET=${webhookSecret}`,
		`GITHUB_APP_PRIVATE_KEY=${pem.trim().replaceAll(/\r?\n/g, "\\n")}`,
	];
	return `${lines.join("\n")}\n`;
}

function demandPublic(url: string): URL {
	const relay = parseUrl(url);
	const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(relay?.hostname ?? "");
	if (relay?.protocol === "https:" && !isLoopback) return relay;
	throw new GammaError(
		"settings.invalid",
		"GitHub has to reach the relay: give the address of one that is on the network, beginning with https://.",
	);
}

function parseUrl(text: string): URL | null {
	try {
		return new URL(text);
	} catch {
		return null;
	}
}
