import * as z from "zod/mini";
import type { SupabaseAuth } from "../config";
import { Problem } from "../problem";
import type { RepositoryDoor } from "./githubApp";
import { GithubRefusal } from "./githubRefusal";

const answerMs = 10_000;

const account = z.object({
	identities: z.nullish(
		z.array(
			z.object({
				provider: z.string(),
				identity_data: z.object({
					user_name: z.optional(z.string()),
					provider_id: z.optional(z.string()),
					sub: z.optional(z.string()),
				}),
			}),
		),
	),
});
const access = z.object({ permission: z.string(), user: z.nullish(z.object({ id: z.int() })) });

/**
 * Goes on when the person may push to the repository on GitHub; 403 when not. Who they are there is asked of the sign-in
 * service, which recorded it when they signed in: what their token says of it (`user_metadata`) is theirs to write.
 */
export async function demandPush(
	door: RepositoryDoor,
	service: { readonly url: string; readonly anonKey: string },
	token: string,
	repository: string,
	signal: AbortSignal,
): Promise<void> {
	const { login, id } = await readIdentity(service, token, signal);
	const given = await door
		.ask(access, `/collaborators/${encodeURIComponent(login)}/permission`, { signal })
		.catch((error: unknown) => {
			if (error instanceof GithubRefusal && error.status === 404) return null;
			throw error;
		});
	// A name may be another's by now: the number is not.
	const isSame = given !== null && String(given.user?.id) === id;
	if (!isSame || !["admin", "write"].includes(given.permission)) {
		throw new Problem(403, `Your account on GitHub, ${login}, may not push to ${repository}.`);
	}
}

/** The service that can be asked; null where only its secret is known, or not its public key. */
export function signInService(auth: SupabaseAuth): { readonly url: string; readonly anonKey: string } | null {
	return auth.url !== null && auth.anonKey !== null ? { url: auth.url, anonKey: auth.anonKey } : null;
}

async function readIdentity(
	{ url, anonKey }: { readonly url: string; readonly anonKey: string },
	token: string,
	signal: AbortSignal,
): Promise<{ readonly login: string; readonly id: string }> {
	const response = await fetch(`${url}/auth/v1/user`, {
		headers: { authorization: `Bearer ${token}`, apikey: anonKey },
		redirect: "error",
		signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
	}).catch(() => {
		throw new Problem(503, "The sign-in service cannot be reached; try again in a moment.");
	});
	if (response.status === 401 || response.status === 403) {
		throw new Problem(401, "The sign-in service knows no such session any more: sign in again.");
	}
	const parsed = z.safeParse(account, await response.json().catch(() => null));
	if (!response.ok || !parsed.success) throw new Problem(503, "The sign-in service fails; try again in a moment.");
	const github = parsed.data.identities?.find(({ provider }) => provider === "github")?.identity_data;
	const [login, id] = [github?.user_name, github?.provider_id ?? github?.sub];
	if (!login || !id) throw new Problem(403, "Sign in with GitHub to commit: this account is none of GitHub's.");
	return { login, id };
}
