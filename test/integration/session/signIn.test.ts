import { createClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SupabaseAuth } from "../../../src/adapters/session/supabaseAuth";
import { SessionKeeper } from "../../../src/core/session/sessionKeeper";
import { SignInWaiter } from "../../../src/core/session/signInWaiter";
import { MemorySessions } from "../../support/memorySessions";
import { SupabaseAuthServer } from "../../support/supabaseAuth";
import { testLogger } from "../../support/testLogger";
import { throughBrowser } from "../../support/throughBrowser";

const anonKey = "sb_publishable_of-the-tests";
const redirect = "vscode://gamma-ml.gamma/auth/callback";
const hourMs = 3_600_000;

/** Gamma's own sign-in through Supabase's own client, against what is held to the recording of the real service. */
describe("signing in with GitHub by PKCE", () => {
	let server: SupabaseAuthServer;
	let auth: SupabaseAuth;
	let storage: MemorySessions;
	/** How far this machine's clock is, beside the server's. */
	let nowMs: number;

	beforeEach(async () => {
		server = new SupabaseAuthServer({ jwtSecret: "s".repeat(32), anonKey });
		await server.start();
		auth = new SupabaseAuth({ url: server.url, anonKey });
		storage = new MemorySessions();
		nowMs = Date.now();
	});
	afterEach(() => server.stop());

	function later(ms: number): void {
		server.skip(ms);
		nowMs += ms;
	}

	async function window() {
		const keeper = new SessionKeeper({ auth, storage, logger: testLogger, now: () => nowMs, patienceMs: 3_000 });
		const ends: string[] = [];
		keeper.onDidEnd((sentence) => ends.push(sentence));
		await keeper.load();
		return { keeper, ends };
	}

	async function signIn() {
		const attempt = await auth.begin(`${redirect}?state=s1`);
		const back = await throughBrowser(attempt.url);
		return attempt.finish(back.searchParams.get("code") ?? "");
	}

	async function signedIn() {
		const found = await window();
		await found.keeper.take(await signIn());
		return found;
	}

	test("the browser comes back with our state and a code, and the code becomes a session", async () => {
		const attempt = await auth.begin(`${redirect}?state=s1`);
		const asked = new URL(attempt.url).searchParams;
		expect([asked.get("provider"), asked.get("code_challenge_method")]).toEqual(["github", "s256"]);
		const back = await throughBrowser(attempt.url);
		expect(`${back.protocol}//${back.host}${back.pathname}`).toBe(redirect);
		const waiter = new SignInWaiter();
		const code = waiter.wait("s1", { timeoutMs: 60_000 });
		expect(waiter.take(back.search.slice(1))).toBe(true);
		const session = await attempt.finish(await code);
		expect(session.account).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), label: "octo-ana" });
		expect(session.expiresAtMs - Date.now()).toBeGreaterThan(hourMs - 60_000);
		await expect(attempt.finish(await code)).rejects.toMatchObject({ code: "signIn.failed" });
	});

	test("a code of another attempt is of no use", async () => {
		const stolen = (await throughBrowser((await auth.begin(redirect)).url)).searchParams.get("code") ?? "";
		const attempt = await auth.begin(redirect);
		await expect(attempt.finish(stolen)).rejects.toMatchObject({
			code: "signIn.failed",
			message: expect.stringContaining("code challenge does not match"),
		});
	});

	test("who presses Cancel at GitHub reads one sentence", async () => {
		server.github.refuses = true;
		const attempt = await auth.begin(`${redirect}?state=s1`);
		const waiter = new SignInWaiter();
		const code = waiter.wait("s1", { timeoutMs: 60_000 });
		waiter.take((await throughBrowser(attempt.url)).search.slice(1));
		await expect(code).rejects.toMatchObject({
			code: "signIn.denied",
			message: "GitHub was not allowed to sign you in: sign in again and choose Authorize there.",
		});
	});

	test("an address that the project does not allow ends at its site, without a code for us", async () => {
		const attempt = await auth.begin("vscode://somebody.else/auth/callback?state=s1");
		expect((await throughBrowser(attempt.url)).host).toBe("127.0.0.1:3000");
	});

	test("the token is refreshed before its end, once for all who ask", async () => {
		const { keeper } = await signedIn();
		const first = await keeper.token();
		later(hourMs - 60_000);
		const tokens = await Promise.all([keeper.token(), keeper.token(), keeper.renew()]);
		expect(new Set(tokens).size).toBe(1);
		expect(tokens[0]).not.toBe(first);
		expect(server.requests.filter((request) => request.includes("grant_type=refresh_token"))).toHaveLength(1);
	});

	test("an expired session is refreshed too, also by a window that starts with it", async () => {
		await signedIn();
		later(30 * 24 * hourMs);
		const { keeper } = await window();
		expect(keeper.snapshot).toMatchObject({ kind: "signedIn", account: { label: "octo-ana" } });
		expect((await keeper.token()).split(".")).toHaveLength(3);
	});

	test("two windows that refresh at the same moment both go on", async () => {
		const [first, second] = [await signedIn(), await window()];
		later(hourMs);
		const tokens = await Promise.all([first.keeper.token(), second.keeper.token()]);
		later(hourMs);
		await first.keeper.token();
		await second.keeper.token();
		expect([...first.ends, ...second.ends]).toEqual([]);
		expect(tokens.every((token) => token.split(".").length === 3)).toBe(true);
	});

	test("a refresh token that was used elsewhere ends the session with one sentence", async () => {
		const { keeper, ends } = await signedIn();
		const kept = await storage.read();
		await auth.refresh(kept?.refreshToken ?? "");
		later(hourMs);
		await expect(keeper.token()).rejects.toMatchObject({ code: "session.ended" });
		expect(ends).toEqual(["Your session has ended: sign in to Gamma again."]);
		expect(await storage.read()).toBeNull();
		expect(keeper.snapshot).toEqual({ kind: "signedOut" });
	});

	test.each(["nonsense", "abcdefghijkl"])("%s, which is no refresh token of theirs, ends it as well", async (token) => {
		const { keeper } = await signedIn();
		const kept = await storage.read();
		if (kept) await keeper.take({ ...kept, accessToken: "other", refreshToken: token });
		await expect(keeper.renew()).rejects.toMatchObject({ code: "session.ended" });
	});

	test.each([503, 429])("a service that answers %i ends no session", { timeout: 60_000 }, async (status) => {
		const { keeper, ends } = await signedIn();
		later(2 * hourMs);
		server.outage = status;
		await expect(keeper.token()).rejects.toMatchObject({
			code: "relay.unreachable",
			message: expect.stringMatching(/^The sign-in service .*: check the network and try again\.$/),
		});
		expect(ends).toEqual([]);
		server.outage = null;
		await expect.poll(() => keeper.token().then(() => "again", String), { timeout: 40_000 }).toBe("again");
	});

	test("a key that is not the project's is said to be wrong, and ends no session", async () => {
		await signedIn();
		later(hourMs);
		auth = new SupabaseAuth({ url: server.url, anonKey: "another" });
		const { keeper, ends } = await window();
		await expect(keeper.token()).rejects.toMatchObject({
			code: "settings.invalid",
			message: expect.stringContaining("gamma.relay.supabaseAnonKey"),
		});
		expect(ends).toEqual([]);
		expect(await storage.read()).not.toBeNull();
	});

	test("signing out ends this session at the service and no other of the same person", async () => {
		const { keeper } = await signedIn();
		await signIn();
		expect(server.sessions.countOf("ana@example.com")).toBe(2);
		const kept = await storage.read();
		await keeper.signOut();
		expect(server.sessions.countOf("ana@example.com")).toBe(1);
		await expect(auth.refresh(kept?.refreshToken ?? "")).rejects.toMatchObject({ code: "session.ended" });
		expect(await storage.read()).toBeNull();
	});

	test("supabase-js itself goes the same way through the stand-in", async () => {
		const kept = new Map<string, string>();
		const client = createClient(server.url, anonKey, {
			auth: {
				flowType: "pkce",
				autoRefreshToken: false,
				detectSessionInUrl: false,
				storage: {
					getItem: (key) => kept.get(key) ?? null,
					setItem: (key, value) => void kept.set(key, value),
					removeItem: (key) => void kept.delete(key),
				},
			},
		});
		const options = { redirectTo: redirect, skipBrowserRedirect: true };
		const begun = await client.auth.signInWithOAuth({ provider: "github", options });
		const back = await throughBrowser(begun.data.url ?? "");
		const { data } = await client.auth.exchangeCodeForSession(back.searchParams.get("code") ?? "");
		expect(data.user?.user_metadata.user_name).toBe("octo-ana");
		expect((await client.auth.getUser()).data.user?.email).toBe("ana@example.com");
		const used = data.session?.refresh_token ?? "";
		await client.auth.refreshSession();
		server.skip(11_000);
		const again = await client.auth.refreshSession({ refresh_token: used });
		expect(again.error).toMatchObject({ status: 400, code: "refresh_token_already_used" });
		expect((await client.auth.getUser("garbage.of.mine")).error).toMatchObject({ status: 403, code: "bad_jwt" });
	});
});
