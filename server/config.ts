import * as z from "zod/mini";
import { GammaError } from "../src/shared/errors";
import { readPrivateKey } from "./github/privateKey";

/** What the relay is told by its environment (architecture.md, section 6); nothing else reads it. */
export interface Config {
	readonly host: string;
	readonly port: number;
	readonly logLevel: string;
	/** Absent: embedded Postgres in `dataDir`. */
	readonly databaseUrl: string | null;
	readonly dataDir: string;
	readonly leaseSeconds: number;
	readonly auth: LocalAuth | SupabaseAuth;
	/** The one of now and, while it is being changed, the one before; empty: no delivery is taken. */
	readonly githubWebhookSecrets: readonly string[];
	readonly awsEventsSecret: string | null;
	readonly mlflowTrackingUri: string | null;
	/** The organisation's key for Claude, with which members of projects ask; null: the relay asks nothing. */
	readonly anthropic: { readonly apiKey: string; readonly baseUrl: string } | null;
	readonly githubApp: { readonly id: string; readonly privateKey: string; readonly apiUrl: string } | null;
	/** `bucket`: of the projects that name none. `endpoint`: another S3 than AWS's own. */
	readonly s3: { readonly region: string; readonly bucket: string | null; readonly endpoint: string | null } | null;
}

/** A relay of one person, on loopback only. `token` null: one is made at random. */
export interface LocalAuth {
	readonly kind: "local";
	readonly token: string | null;
}

export interface SupabaseAuth {
	readonly kind: "supabase";
	/** Without a trailing slash; null where only the secret is known, and then no issuer is asked for. */
	readonly url: string | null;
	/** HS256; absent: the project's published keys. */
	readonly jwtSecret: string | null;
	/** The project's public key, with which its service says who somebody is on GitHub; absent: it is not asked. */
	readonly anonKey: string | null;
}

const levels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const whole = (low: number, high: number) => z.coerce.number().check(z.int(), z.gte(low), z.lte(high));
const httpUrl = z.url({ protocol: /^https?$/ });

/** One line per variable: what it must be, and how that is said to a person. */
const rules = {
	PORT: [whole(0, 65_535), "a port number from 0 to 65535"],
	HOST: [z.string(), "a host name or an address"],
	LOG_LEVEL: [z.enum(levels), `one of ${levels.join(", ")}`],
	DATABASE_URL: [z.url({ protocol: /^postgres(ql)?$/ }), "an address that begins with postgres:// or postgresql://"],
	GAMMA_DATA_DIR: [z.string(), "a folder"],
	LEASE_SECONDS: [whole(1, 86_400), "a whole number of seconds from 1 to 86400"],
	GAMMA_LOCAL_TOKEN: [z.string().check(z.minLength(16)), "at least 16 characters"],
	SUPABASE_URL: [httpUrl, "an address that begins with https://"],
	SUPABASE_ANON_KEY: [z.string(), "the Supabase project's public key"],
	SUPABASE_JWT_SECRET: [z.string().check(z.minLength(16)), "at least 16 characters"],
	GITHUB_WEBHOOK_SECRET: [z.string(), "a text"],
	GITHUB_WEBHOOK_SECRET_BEFORE: [z.string(), "a text"],
	GITHUB_APP_ID: [z.string().check(z.regex(/^\d+$/)), "the App's number"],
	GITHUB_APP_PRIVATE_KEY: [z.string().check(z.refine(isPrivateKey)), "the App's private key as PEM"],
	GITHUB_API_URL: [httpUrl, "an address that begins with https://"],
	AWS_EVENTS_SECRET: [z.string().check(z.minLength(16)), "at least 16 characters"],
	AWS_REGION: [z.string(), "a region's name"],
	S3_BUCKET: [z.string(), "a bucket's name"],
	AWS_ENDPOINT_URL: [httpUrl, "the address of an S3 server"],
	AWS_ENDPOINT_URL_S3: [httpUrl, "the address of an S3 server"],
	MLFLOW_TRACKING_URI: [httpUrl, "the address of an MLflow server"],
	ANTHROPIC_API_KEY: [z.string().check(z.regex(/^[\x21-\x7e]{8,}$/)), "a key of the Claude Console"],
	ANTHROPIC_BASE_URL: [httpUrl, "an address that begins with https://"],
} as const satisfies Record<string, readonly [z.core.$ZodType, string]>;

function isPrivateKey(pem: string): boolean {
	try {
		return readPrivateKey(pem).asymmetricKeyType === "rsa";
	} catch {
		return false;
	}
}

type Variables = { [Name in keyof typeof rules]?: z.infer<(typeof rules)[Name][0]> };

/**
 * Reads and checks the environment; an empty variable is one that is not set.
 * Throws `settings.invalid` with one sentence per variable that is wrong or missing, never with its value.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
	const problems: string[] = [];
	const read: Record<string, unknown> = {};
	for (const [name, [schema, expected]] of Object.entries(rules)) {
		const given = environment[name];
		if (given === undefined || given === "") continue;
		const parsed = z.safeParse(schema, given);
		if (parsed.success) read[name] = parsed.data;
		else problems.push(`${name} must be ${expected}.`);
	}
	const at = read as Variables;
	const given = (name: keyof typeof rules) => environment[name] !== undefined && environment[name] !== "";
	const isShared = given("SUPABASE_URL") || given("SUPABASE_JWT_SECRET");
	const host = at.HOST ?? (isShared ? "0.0.0.0" : "127.0.0.1");
	if (!isShared && !["127.0.0.1", "localhost", "::1"].includes(host)) {
		problems.push(
			`HOST must be 127.0.0.1 for a relay without sign-in; set SUPABASE_URL to serve others than this machine.`,
		);
	}
	if (isShared && !given("DATABASE_URL")) {
		problems.push("DATABASE_URL must be set where people sign in: the embedded database serves one person only.");
	}
	if (isShared && !given("GITHUB_WEBHOOK_SECRET")) {
		problems.push("GITHUB_WEBHOOK_SECRET must be set where people sign in, as it is in the GitHub App's settings.");
	}
	if (given("SUPABASE_ANON_KEY") && !given("SUPABASE_URL")) {
		problems.push("SUPABASE_URL must be set where SUPABASE_ANON_KEY is: the key is of the service at that address.");
	}
	if (given("GITHUB_WEBHOOK_SECRET_BEFORE") && !given("GITHUB_WEBHOOK_SECRET")) {
		problems.push(
			"GITHUB_WEBHOOK_SECRET must be set where GITHUB_WEBHOOK_SECRET_BEFORE is: that is the one it follows.",
		);
	}
	if (given("GITHUB_APP_ID") !== given("GITHUB_APP_PRIVATE_KEY")) {
		problems.push("GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY must be set together.");
	}
	if (problems.length > 0) throw new GammaError("settings.invalid", problems.join("\n"));
	return {
		host,
		port: at.PORT ?? (isShared ? 8080 : 0),
		logLevel: at.LOG_LEVEL ?? "info",
		databaseUrl: at.DATABASE_URL ?? null,
		dataDir: at.GAMMA_DATA_DIR ?? ".gamma/relay",
		leaseSeconds: at.LEASE_SECONDS ?? 60,
		auth: isShared
			? {
					kind: "supabase",
					url: at.SUPABASE_URL?.replace(/\/+$/, "") ?? null,
					jwtSecret: at.SUPABASE_JWT_SECRET ?? null,
					anonKey: at.SUPABASE_ANON_KEY ?? null,
				}
			: { kind: "local", token: at.GAMMA_LOCAL_TOKEN ?? null },
		githubWebhookSecrets: [at.GITHUB_WEBHOOK_SECRET, at.GITHUB_WEBHOOK_SECRET_BEFORE].flatMap((one) => one ?? []),
		awsEventsSecret: at.AWS_EVENTS_SECRET ?? null,
		mlflowTrackingUri: at.MLFLOW_TRACKING_URI?.replace(/\/+$/, "") ?? null,
		anthropic: at.ANTHROPIC_API_KEY
			? {
					apiKey: at.ANTHROPIC_API_KEY,
					baseUrl: (at.ANTHROPIC_BASE_URL ?? "https://api.anthropic.com").replace(/\/+$/, ""),
				}
			: null,
		githubApp:
			at.GITHUB_APP_ID && at.GITHUB_APP_PRIVATE_KEY
				? {
						id: at.GITHUB_APP_ID,
						privateKey: at.GITHUB_APP_PRIVATE_KEY,
						apiUrl: (at.GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, ""),
					}
				: null,
		s3: at.AWS_REGION
			? {
					region: at.AWS_REGION,
					bucket: at.S3_BUCKET ?? null,
					endpoint: at.AWS_ENDPOINT_URL_S3 ?? at.AWS_ENDPOINT_URL ?? null,
				}
			: null,
	};
}
